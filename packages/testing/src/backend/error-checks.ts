import { BackendError, DTypeError } from "@dl/registry";
import { contiguousStrides, contiguousView, dtypes, newArray, reshaped } from "@dl/tensor";
import type { Backend, Convolution, DType, View } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { expectEqual, identical } from "../compare.js";
import { program } from "./kernel-case.js";
import type { Named } from "./named.js";

type Kinds = readonly (new (...args: ConstructorParameters<typeof BackendError>) => Error)[];

/** @throws CheckError unless `call` throws, or what it returns rejects, with an error of these kinds */
async function expectRefusal(where: string, call: () => unknown, kinds: Kinds): Promise<void> {
  const wanted = kinds.map(({ name }) => name).join(" or ");
  const fix = `Throw a ${wanted} of @dl/registry that says what was given and what to do`;
  try {
    await call();
  } catch (error) {
    if (kinds.some((kind) => error instanceof kind)) return;
    throw new CheckError(where, `it throws ${String(error)}, which is no ${wanted}`, fix);
  }
  throw new CheckError(where, `it does not throw a ${wanted}`, fix);
}

/** After a refusal everything goes on as before. */
async function expectAlive(where: string, backend: Backend): Promise<void> {
  const x = contiguousView(backend.write("float32", Float32Array.of(1, 2)), "float32", [2]);
  const out = contiguousView(backend.alloc("float32", 2), "float32", [2]);
  backend.map(program(1, (value) => value.add(1)), [x], [out], []);
  expectEqual(`a kernel after ${where}`, { ...out, data: await backend.read(out) }, { ...out, data: [2, 3] }, identical, "Leave the backend usable");
}

const refusal = (name: string, where: string, backend: Backend, call: () => unknown, kinds: Kinds = [BackendError]): Check => ({
  name,
  run: async () => {
    await expectRefusal(where, call, kinds);
    await expectAlive(where, backend);
  },
});

/** 128 TiB. In 32 bits its size in bytes is 0. */
const tooMany = 2 ** 45;

const allocation = (backend: Backend): Named => ["memory", refusal("alloc: what no memory holds is a BackendError", `alloc of ${tooMany} floats`, backend, () => backend.alloc("float32", tooMany))];

const dtypeRefusals = (backend: Backend): Named[] =>
  dtypes
    .filter((dtype) => !backend.capabilities.dtypes.includes(dtype))
    .flatMap((dtype): Named[] => [
      ["memory", refusal(`alloc: refuses ${dtype}, which is not declared`, `alloc of ${dtype}`, backend, () => backend.alloc(dtype, 4), [BackendError, DTypeError])],
      ["memory", refusal(`write: refuses ${dtype}, which is not declared`, `write of ${dtype}`, backend, () => backend.write(dtype, newArray(dtype, 4)), [BackendError, DTypeError])],
    ]);

/** A call in which `strange` is an input; it writes `out`. All three have shape [2, 2]. */
type Call = (backend: Backend, strange: View, own: View, out: View) => unknown;

const stranger = (dtype: DType, shape: readonly number[]): View => contiguousView({}, dtype, shape);

const positions = (backend: Backend): View => contiguousView(backend.alloc("int32", 4), "int32", [2, 2]);

/** The first elements of a view under another shape. */
const under = (view: View, shape: readonly number[]): View => reshaped(view, shape, contiguousStrides(shape));

const lineWindows: Convolution = { kernel: [1], stride: [1], padding: [[0, 0]], dilation: [1], groups: 1, out: [2] };

/** One for each kernel; those that the backend lacks are left out below. */
const calls: Readonly<Record<string, Call>> = {
  read: (on, strange) => on.read(strange),
  map: (on, strange, own, out) => { on.map(program(2, (a, b) => a.add(b)), [own, strange], [out], []); },
  mapEach: (on, strange, own, out) => { on.mapEach?.(program(2, (a, b) => a.add(b)), [{ inputs: [own, strange], outs: [out], scalars: [] }]); },
  reduce: (on, strange, _, out) => { on.reduce("sum", null, [reshaped(strange, [1, 2, 2], [0, 2, 1])], [], [0], out); },
  matmul: (on, strange, own, out) => { on.matmul(own, strange, out); },
  gather: (on, strange, _, out) => { on.gather(strange, positions(on), 0, out); },
  scatterAdd: (on, strange, _, out) => { on.scatterAdd(positions(on), strange, 0, out); },
  copy: (on, strange, _, out) => { on.copy(strange, out); },
  sort: (on, strange, _, out) => on.sort?.(strange, 0, false, out, positions(on)),
  cumulative: (on, strange, _, out) => on.cumulative?.("sum", strange, 0, out),
  convolve: (on, strange, own, out) => on.convolve?.(under(strange, [1, 2, 2]), under(own, [1, 2, 1]), under(out, [1, 1, 2]), lineWindows),
  convolveInput: (on, strange, own, out) => on.convolveInput?.(under(strange, [1, 1, 2]), under(own, [1, 2, 1]), under(out, [1, 2, 2]), lineWindows),
  convolveWeight: (on, strange, own, out) => on.convolveWeight?.(under(strange, [1, 2, 2]), under(own, [1, 1, 2]), under(out, [1, 2, 1]), lineWindows),
  maxPool: (on, strange, _, out) => on.maxPool?.(under(strange, [1, 2, 2]), lineWindows, under(out, [1, 2, 2]), under(positions(on), [1, 2, 2])),
  maxPoolGradient: (on, strange, _, out) => on.maxPoolGradient?.(under(strange, [1, 2, 2]), under(positions(on), [1, 2, 2]), lineWindows, under(out, [1, 2, 2])),
  sumPool: (on, strange, _, out) => on.sumPool?.(under(strange, [1, 2, 2]), lineWindows, under(out, [1, 2, 2])),
  attend: (on, strange, own, out) => on.attend?.(strange, own, own, 1, false, out, under(own, [2, 1])),
  sumPoolGradient: (on, strange, _, out) => on.sumPoolGradient?.(under(strange, [1, 2, 2]), lineWindows, under(out, [1, 2, 2])),
};

const needsInt32 = ["gather", "scatterAdd", "sort", "maxPool", "maxPoolGradient"];

function strangers(backend: Backend): Named[] {
  const place = (): View => contiguousView(backend.alloc("float32", 4), "float32", [2, 2]);
  const concerns = (kernel: string): boolean => kernel in backend && (backend.capabilities.dtypes.includes("int32") || !needsInt32.includes(kernel));
  return Object.entries(calls).filter(([kernel]) => concerns(kernel)).map(([kernel, call]) => {
    const attempt = async (): Promise<void> => {
      const out = place();
      await call(backend, stranger("float32", [2, 2]), place(), out);
      // Where kernels are queued, what went wrong shows when their results are wanted.
      await backend.read(out);
    };
    const where = `${kernel} of another backend's buffer`;
    return [kernel === "read" ? "memory" : kernel, refusal(`${kernel}: another backend's buffer is a BackendError`, where, backend, attempt)];
  });
}

/** What cannot be done is refused by an error that says so, and leaves the backend usable. */
export const errorChecks = (backend: Backend): Named[] => [allocation(backend), ...dtypeRefusals(backend), ...strangers(backend)];
