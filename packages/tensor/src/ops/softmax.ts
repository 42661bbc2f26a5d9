import type { Backend, View } from "../backend/contract.js";
import { isFloat } from "../dtype.js";
import { input } from "../expr/expr.js";
import { Program } from "../expr/program.js";
import { defineOp } from "../op/define.js";
import { elementwise } from "../op/elementwise.js";
import type { Parsed } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { isContiguous, normalizeDim, sizeOf } from "../shape.js";
import { state } from "../state.js";
import type { Tensor } from "../tensor.js";
import { broadcastView, contiguousView, reshaped } from "../view.js";

interface Line {
  readonly dim: number;
}

/** x − its line's maximum, and e to that: what both ops share. Compiled when first used. */
let made: { readonly shiftedExp: Program; readonly quotient: Program; readonly logProbability: Program } | undefined;
const programs = (): NonNullable<typeof made> =>
  (made ??= {
    shiftedExp: new Program([input(0).sub(input(1)).exp()], 2, 0),
    quotient: new Program([input(0).sub(input(1)).exp().div(input(2))], 3, 0),
    logProbability: new Program([input(0).sub(input(1)).sub(input(2).log())], 3, 0),
  });

const parser = /* @__NO_SIDE_EFFECTS__ */ (name: string) => (x: Tensor, dim: number): Parsed<Line> => [
  [isFloat(x.dtype) ? x : x.to("float32")],
  { dim: normalizeDim(name, dim, x.ndim) },
];

/** Reduces along `dim` into fresh memory and shows the result stretched to x's shape. */
function stretchedReduction(backend: Backend, x: View, dim: number, run: (out: View) => void): View {
  const kept = x.shape.with(dim, 1);
  const out = contiguousView(backend.alloc(x.dtype, sizeOf(kept)), x.dtype, kept);
  run(reshaped(out, kept.toSpliced(dim, 1), out.strides.toSpliced(dim, 1)));
  return broadcastView(out, x.shape);
}

/** Each line's maximum and Σe^(x − maximum), x's own shape. A 0-d tensor is a line of one. */
function normalizers(backend: Backend, x: View, dim: number): readonly [top: View, total: View] {
  const top = stretchedReduction(backend, x, dim, (out) => { backend.reduce("max", null, [x], [], [dim], out); });
  const total = stretchedReduction(backend, x, dim, (out) => { backend.reduce("sum", programs().shiftedExp, [x, top], [], [dim], out); });
  return [top, total];
}

/** Whether a kernel of the backend's own may take it: lines of neighbours, in float32. */
const isInLines = (x: View, dim: number): boolean => x.dtype === "float32" && dim === x.shape.length - 1 && isContiguous(x.shape, x.strides) && sizeOf(x.shape) > 0;

function normalizeLines(backend: Backend, x: View, out: View, dim: number, logarithm: boolean): void {
  if (sizeOf(x.shape) === 0) return;
  if (backend.softmax !== undefined && isInLines(x, dim)) {
    backend.softmax(x, logarithm, out);
    return;
  }
  const program = logarithm ? programs().logProbability : programs().quotient;
  const line = x.shape.length === 0 ? reshaped(x, [1], [1]) : x;
  const target = x.shape.length === 0 ? reshaped(out, [1], [1]) : out;
  backend.map(program, [line, ...normalizers(backend, line, dim)], [target], []);
}

/** The gradient in one kernel of the backend's own, unless it is to be differentiated itself. */
function gradientAtOnce(grad: Tensor, output: Tensor, dim: number, logarithm: boolean): Tensor | null {
  const { backend } = output;
  if (backend.softmaxGradient === undefined || state.gradEnabled || !isInLines(output, dim) || !isInLines(grad, dim)) return null;
  const out = output.makeEmpty(output.shape, output.dtype);
  backend.softmaxGradient(output, grad, logarithm, out);
  return out;
}

// One kernel each instead of two and three.
const softmaxGradient = elementwise("softmaxGradient", (p, grad, total) => p.mul(grad.sub(total)));
const logSoftmaxGradient = elementwise("logSoftmaxGradient", (logP, grad, total) => grad.sub(logP.exp().mul(total)));

/**
 * eˣ/Σeˣ along `dim`, shifted by the maximum so that nothing overflows.
 * Shapes: any → same. Integers are taken as float32.
 */
export const softmax = defineOp({
  name: "softmax",
  parse: parser("softmax"),
  shape: ([x]) => x.shape,
  flops: ([x]) => 5 * x.size,
  forward: (backend, [x], out, { dim }) => { normalizeLines(backend, x, out, dim, false); },
  backward: ({ grad, output, options: { dim } }) => [gradientAtOnce(grad, output, dim, false) ?? softmaxGradient(output, grad, grad.mul(output).sum(dim, { keepDim: true }))],
});

/** x − log Σeˣ along `dim`, shifted by the maximum. Shapes: any → same. */
export const logSoftmax = defineOp({
  name: "logSoftmax",
  parse: parser("logSoftmax"),
  shape: ([x]) => x.shape,
  flops: ([x]) => 5 * x.size,
  forward: (backend, [x], out, { dim }) => { normalizeLines(backend, x, out, dim, true); },
  backward: ({ grad, output, options: { dim } }) => [gradientAtOnce(grad, output, dim, true) ?? logSoftmaxGradient(output, grad, grad.sum(dim, { keepDim: true }))],
});

export const examples = (): Example[] => [
  example(softmax, { inputs: [[2, 1, 0.1]], call: ([x]) => softmax(x, 0), expect: [0.6590011, 0.242433, 0.0985659] }),
  example(softmax, { inputs: [[1000, 1001, 1002]], call: ([x]) => softmax(x, -1), expect: [0.0900306, 0.2447285, 0.665241] }),
  example(softmax, { shapes: [[2, 3, 2]], call: ([x]) => softmax(x, 1) }),
  example(logSoftmax, { inputs: [[2, 1, 0.1]], call: ([x]) => logSoftmax(x, 0), expect: [-0.4170300, -1.4170300, -2.3170300] }),
  example(logSoftmax, { shapes: [[2, 3]], call: ([x]) => logSoftmax(x, 0) }),
  example(logSoftmax, { shapes: [[2, 3]], call: ([x]) => logSoftmax(x, 2), throws: "dim 2 is out of range for 2 dimensions" }),
];
