// More elements than one launch, one workgroup or one panel holds. Expected values are worked out here: an oracle would take as long again.
import { contiguousView, reshaped, sizeOf } from "@dl/tensor";
import type { Backend, TypedArray, View } from "@dl/tensor";
import { expectEqual, identical, within } from "../compare.js";
import { program } from "./kernel-case.js";
import type { Named } from "./named.js";
import { tracked } from "./tracked.js";

interface Large {
  readonly kernel: string;
  readonly name: string;
  /** Relative; 0 (default) where every step is exact. */
  readonly tolerance?: number;
  readonly run: (backend: Backend) => View;
  readonly expected: (position: number) => number;
}

const million = 2 ** 20 + 3;
const [rows, columns] = [1025, 1031];

const written = (backend: Backend, data: TypedArray, shape: readonly number[] = [data.length]): View =>
  contiguousView(backend.write(data instanceof Int32Array ? "int32" : "float32", data), data instanceof Int32Array ? "int32" : "float32", shape);

const fresh = (backend: Backend, shape: readonly number[], dtype: "float32" | "int32" = "float32"): View => contiguousView(backend.alloc(dtype, sizeOf(shape)), dtype, shape);

const floats = (size: number, value: (i: number) => number): Float32Array => Float32Array.from({ length: size }, (_, i) => value(i));

/** Whole numbers up to 2^24 are exact in float32, sums of them too. */
const counting = (backend: Backend): View => written(backend, floats(million, (i) => i));

/** The matrix whose element [i, j] is 2000·(i mod 1000) + j, lying in memory column by column. */
const turned = (backend: Backend): View =>
  reshaped(written(backend, floats(rows * columns, (at) => 2000 * ((at % rows) % 1000) + Math.floor(at / rows))), [rows, columns], [1, rows]);
const turnedAt = (at: number): number => 2000 * (Math.floor(at / columns) % 1000) + (at % columns);

const mapCases: readonly Large[] = [
  {
    kernel: "map",
    name: "a line of 1 M elements",
    run: (backend) => {
      const out = fresh(backend, [million]);
      backend.map(program(1, (x) => x.mul(2).add(1)), [counting(backend)], [out], []);
      return out;
    },
    expected: (i) => 2 * i + 1,
  },
  {
    kernel: "map",
    name: "a transposed matrix of 1 M elements and a stretched row",
    run: (backend) => {
      const out = fresh(backend, [rows, columns]);
      const row = reshaped(written(backend, floats(columns, (j) => j)), [rows, columns], [0, 1]);
      backend.map(program(2, (x, y) => x.sub(y)), [turned(backend), row], [out], []);
      return out;
    },
    expected: (at) => turnedAt(at) - (at % columns),
  },
];

/** i mod 1000, but 5000 near the end. */
const peaked = (backend: Backend): View => written(backend, floats(million, (i) => (i === million - 2 ? 5000 : i % 1000)));

const peak = (kind: "max" | "argmax", dtype: "float32" | "int32", expected: number): Large => ({
  kernel: "reduce",
  name: `${kind} of 1 M elements`,
  run: (backend) => {
    const out = fresh(backend, [], dtype);
    backend.reduce(kind, null, [peaked(backend)], [], [0], out);
    return out;
  },
  expected: () => expected,
});

const side = 4096;
/** Irregular, and all of one sign, so that nothing cancels. */
const pattern = floats(side, (j) => 0.1 + 0.05 * Math.sin(j));
const patternSum = pattern.reduce((total, x) => total + x, 0);

const reduceCases: readonly Large[] = [
  {
    kernel: "reduce",
    name: "sum of 1 M rows of three",
    run: (backend) => {
      const out = fresh(backend, [3]);
      backend.reduce("sum", null, [written(backend, floats(3 * million, (i) => i % 3), [million, 3])], [], [0], out);
      return out;
    },
    expected: (j) => j * million,
  },
  {
    kernel: "reduce",
    name: "sum within 1 M rows of three",
    run: (backend) => {
      const out = fresh(backend, [million]);
      backend.reduce("sum", null, [written(backend, floats(3 * million, (i) => i), [million, 3])], [], [1], out);
      return out;
    },
    expected: (i) => 9 * i + 3,
  },
  peak("max", "float32", 5000),
  peak("argmax", "int32", million - 2),
  {
    kernel: "reduce",
    name: "sum of 16 M floats keeps 1e-6 relative",
    tolerance: 1e-6,
    run: (backend) => {
      const [x, out] = [fresh(backend, [side, side]), fresh(backend, [])];
      backend.copy(reshaped(written(backend, pattern), [side, side], [0, 1]), x);
      backend.reduce("sum", null, [x], [], [0, 1], out);
      return out;
    },
    expected: () => side * patternSum,
  },
];

const [m, k, n] = [130, 1025, 67];
const a = (i: number): number => (i % 7) - 3;
const b = (i: number): number => (i % 5) - 1;

function product(at: number): number {
  const [i, j] = [Math.floor(at / n), at % n];
  let sum = 0;
  for (let p = 0; p < k; p++) sum += a(i * k + p) * b(p * n + j);
  return sum;
}

const bins = 1000;
const binOf = (i: number): number => (i * 7) % bins;

const otherCases: readonly Large[] = [
  {
    kernel: "matmul",
    name: `[${m}, ${k}] times [${k}, ${n}] in whole numbers`,
    run: (backend) => {
      const out = fresh(backend, [m, n]);
      backend.matmul(written(backend, floats(m * k, a), [m, k]), written(backend, floats(k * n, b), [k, n]), out);
      return out;
    },
    expected: product,
  },
  {
    kernel: "copy",
    name: "a transposed matrix of 1 M elements",
    run: (backend) => {
      const out = fresh(backend, [rows, columns]);
      backend.copy(turned(backend), out);
      return out;
    },
    expected: turnedAt,
  },
  {
    kernel: "gather",
    name: "1 M elements of a line",
    run: (backend) => {
      const out = fresh(backend, [million]);
      backend.gather(written(backend, floats(bins, (i) => 3 * i)), written(backend, Int32Array.from({ length: million }, (_, i) => binOf(i))), 0, out);
      return out;
    },
    expected: (i) => 3 * binOf(i),
  },
  {
    kernel: "scatterAdd",
    name: "1 M ones into 1000 places",
    run: (backend) => {
      const out = fresh(backend, [bins]);
      backend.scatterAdd(written(backend, Int32Array.from({ length: million }, (_, i) => i % bins)), written(backend, floats(million, () => 1)), 0, out);
      return out;
    },
    expected: (place) => Math.floor(million / bins) + (place < million % bins ? 1 : 0),
  },
];

const needsInt32 = ({ kernel, name }: Large): boolean => kernel === "gather" || kernel === "scatterAdd" || name.startsWith("arg");

async function verify({ kernel, name, tolerance = 0, run, expected }: Large, inner: Backend): Promise<void> {
  const { backend, release } = tracked(inner);
  const view = run(backend);
  const data = await backend.read(view);
  release();
  const wanted = Float64Array.from({ length: data.length }, (_, i) => expected(i));
  const { shape, dtype } = view;
  expectEqual(`${kernel}: ${name}`, { shape, dtype, data }, { shape, dtype, data: wanted }, tolerance === 0 ? identical : within(tolerance), "Cover all elements, however many");
}

/** Large inputs for every kernel that all backends have. */
export const largeChecks = (backend: Backend): Named[] =>
  [...mapCases, ...reduceCases, ...otherCases]
    .filter((item) => backend.capabilities.dtypes.includes("int32") || !needsInt32(item))
    .map((item) => [item.kernel, { name: `${item.kernel}: ${item.name}`, run: () => verify(item, backend) }]);
