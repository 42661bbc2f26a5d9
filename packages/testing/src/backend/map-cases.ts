import { Expr, Program } from "@dl/tensor";
import { indices, input, output, program, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

const sum = (): Program => program(2, (a, b) => a.add(b));

const layoutCases = (): KernelCase[] =>
  stridedLayouts.map((layout) => ({
    kernel: "map",
    name: `adds a ${layout} input to a contiguous one`,
    tolerance: 1e-6,
    run: (backend) => {
      const out = output(backend, [3, 4, 5]);
      backend.map(sum(), [input(backend, [3, 4, 5], { layout }), input(backend, [3, 4, 5], { data: values(60, 60) })], [out], []);
      return out;
    },
  }));

const integers = [2147483647, -2147483648, 65536, -65537, 7, -7, 0, 1];
const others = [1, -1, 65537, 65536, -3, 3, 5, 2147483647];

const integerCases = (): KernelCase[] =>
  (
    [
      ["addition wraps around", (a, b) => a.add(b)],
      ["subtraction wraps around", (a, b) => a.sub(b)],
      ["multiplication wraps around", (a, b) => a.mul(b)],
      ["the remainder has the sign of the divisor", (a, b) => a.mod(b)],
      ["min and max keep every bit", (a, b) => a.min(b).max(b.neg())],
    ] satisfies [string, (a: Expr, b: Expr) => Expr][]
  ).map(([name, formula]) => ({
    kernel: "map",
    group: "int32 keeps every bit and wraps around",
    name,
    dtypes: ["int32"],
    run: (backend) => {
      const out = output(backend, [integers.length], "int32");
      backend.map(program(2, (a, b) => formula(a, b)), [indices(backend, integers), indices(backend, others)], [out], []);
      return out;
    },
  }));

/** x·s + s as a program of one scalar, run with 2 and then with 3. */
const scalarCase = (): KernelCase => ({
  kernel: "map",
  name: "a run-time scalar takes its new value in every call",
  tolerance: 1e-6,
  run: (backend) => {
    const s = new Expr("scalar", [], 0);
    const scaled = new Program([new Expr("input", [], 0).mul(s).add(s)], 1, 1);
    const [x, first, second] = [input(backend, [6]), output(backend, [6]), output(backend, [6])];
    backend.map(scaled, [x], [first], [2]);
    backend.map(scaled, [first], [second], [3]);
    return second;
  },
});

const outputsCase = (which: number): KernelCase => ({
  kernel: "map",
  name: `several outputs in one call: output ${which}`,
  tolerance: 1e-6,
  run: (backend) => {
    const formula = program(2, (a, b) => [a.add(b), a.mul(b)]);
    const inputs = [input(backend, [2, 3]), input(backend, [2, 3], { data: values(6, 9), layout: "transposed" })];
    const outs = [output(backend, [2, 3]), output(backend, [2, 3])];
    if (backend.capabilities.maxOutputs > 1) backend.map(formula, inputs, outs, []);
    else formula.roots.forEach((root, k) => { backend.map(program(2, () => root), inputs, [outs[k]], []); });
    return outs[which];
  },
});

const eachSizes = [3, 0, 1025, 1, 5000];

/** a·s + b and a·b over tensors of several sizes, one of them with strides, each with an s of its own; of each call one output is looked at. */
export const mapEachCases = (): KernelCase[] =>
  eachSizes.flatMap((_, which) =>
    [0, 1].map((output0): KernelCase => ({
      kernel: "mapEach",
      name: `call ${which} of several, output ${output0}`,
      tolerance: 1e-6,
      run: (backend) => {
        const [a, b, s] = [new Expr("input", [], 0), new Expr("input", [], 1), new Expr("scalar", [], 0)];
        const formula = new Program([a.mul(s).add(b), a.mul(b)], 2, 1);
        const calls = eachSizes.map((size, k) => ({
          inputs: [input(backend, [size]), input(backend, [size], { data: values(size, k), layout: k === 2 ? "spread" : "contiguous" })],
          outs: [output(backend, [size]), output(backend, [size])],
          scalars: [k + 0.5],
        }));
        if (backend.mapEach !== undefined) backend.mapEach(formula, calls);
        else for (const { inputs, outs, scalars } of calls) backend.map(formula, inputs, outs, scalars);
        return calls[which].outs[output0];
      },
    })),
  );

const sizeCases = (): KernelCase[] =>
  [[0], [2, 0, 3], [1], [], [4099]].map((shape) => ({
    kernel: "map",
    name: `a formula over shape [${shape.join(", ")}]`,
    tolerance: 1e-6,
    run: (backend) => {
      const out = output(backend, shape);
      backend.map(program(1, (x) => x.mul(2).add(1)), [input(backend, shape)], [out], []);
      return out;
    },
  }));

export const mapCases = (): KernelCase[] => [
  ...layoutCases(), ...integerCases(), scalarCase(), outputsCase(0), outputsCase(1), ...sizeCases(),
];
