import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import type { ReduceKind } from "../backend/contract.js";
import { isFloat } from "../dtype.js";
import type { DType } from "../dtype.js";
import { defineComposite, defineOp } from "../op/define.js";
import type { Op, Parsed } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { normalizeDims, showShape, sizeOf } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { contiguousView } from "../view.js";
import { isFinite, where } from "./comparison.js";

/** One dim, several, or all when left out; negative ones count from the end. */
export type Dims = number | readonly number[];

export interface ReduceOptions {
  /** Keep the reduced dims with size 1. Default false. */
  readonly keepDim?: boolean;
}

export interface VarianceOptions extends ReduceOptions {
  /** What is subtracted from the number of elements in the divisor: 1 (default) for the unbiased estimate, 0 for the population's. */
  readonly correction?: number;
}

type Reduction = Op<[x: Tensor, dims?: Dims, options?: ReduceOptions]>;

interface Reduced {
  readonly dims: readonly number[];
  readonly keepDim: boolean;
}

const parser = (name: string) => (x: Tensor, dims?: Dims, options?: ReduceOptions): Parsed<Reduced> => {
  checkOptions(name, options, ["keepDim"]);
  return [[x], { dims: normalizeDims(name, dims, x.ndim), keepDim: options?.keepDim ?? false }];
};

const reducedShape = (shape: Shape, { dims, keepDim }: Reduced): Shape =>
  keepDim ? shape.map((size, d) => (dims.includes(d) ? 1 : size)) : shape.filter((_, d) => !dims.includes(d));

/** `x` without its reduced dims → with them, as size 1, so that it broadcasts against the input. */
const restore = (x: Tensor, input: Tensor, { dims, keepDim }: Reduced): Tensor =>
  keepDim ? x : x.reshape(input.shape.map((size, d) => (dims.includes(d) ? 1 : size)));

const countOf = (x: Tensor, dims: readonly number[]): number => dims.reduce((count, d) => count * x.shape[d], 1);

/** @throws ShapeError when a reduction that has no neutral element meets no elements */
function refuseEmpty(name: string, x: Tensor, dims: readonly number[]): void {
  if (sizeOf(x.shape) === 0 && dims.some((d) => x.shape[d] === 0)) {
    throw new ShapeError(name, `there is nothing to reduce in shape ${showShape(x.shape)}`, "Reduce only dims that have elements");
  }
}

interface ReductionSpec {
  readonly name: string;
  readonly kind: ReduceKind;
  readonly dtype?: (x: Tensor) => DType;
  readonly needsElements?: boolean;
  readonly backward?: (grad: Tensor, x: Tensor, output: Tensor, options: Reduced) => Tensor;
}

const counted = (x: Tensor): DType => (isFloat(x.dtype) ? x.dtype : "int32");

/* @__NO_SIDE_EFFECTS__ */
function defineReduction({ name, kind, dtype = (x) => x.dtype, needsElements = false, backward }: ReductionSpec): Reduction {
  return defineOp({
    name,
    parse: parser(name),
    shape: ([x], options) => {
      if (needsElements) refuseEmpty(name, x, options.dims);
      return reducedShape(x.shape, options);
    },
    dtype: ([x]) => dtype(x),
    forward: (backend, [x], out, { dims }) => {
      const flat = x.shape.filter((_, d) => !dims.includes(d));
      backend.reduce(kind, null, [x], [], dims, contiguousView(out.buffer, out.dtype, flat));
    },
    flops: ([x]) => x.size,
    backward:
      backward && (({ grad, inputs: [x], output, options }) => [backward(restore(grad, x, options), x, restore(output, x, options), options)]),
  });
}

/** Σx over `dims`; 0 for no elements. Integers and truth values give int32. */
export const sum = defineReduction({ name: "sum", kind: "sum", dtype: counted, backward: (grad, x) => grad.expand(x.shape) });

/** Gradient of a maximum or minimum: shared evenly between all elements that attain it. */
const shareTies = (grad: Tensor, x: Tensor, output: Tensor, { dims }: Reduced): Tensor => {
  const winners = x.eq(output).to(grad.dtype);
  return winners.mul(grad.div(winners.sum(dims, { keepDim: true })));
};

/** The largest value; NaN wins. Ties share the gradient. @throws ShapeError on no elements */
export const max = defineReduction({ name: "max", kind: "max", needsElements: true, backward: shareTies });
/** The smallest value; NaN wins. Ties share the gradient. @throws ShapeError on no elements */
export const min = defineReduction({ name: "min", kind: "min", needsElements: true, backward: shareTies });


type DimReduction = Op<[x: Tensor, dim?: number, options?: ReduceOptions]>;

/* @__NO_SIDE_EFFECTS__ */
function defineArg(name: string, kind: "argmax" | "argmin"): DimReduction {
  const over = defineReduction({ name, kind, needsElements: true, dtype: () => "int32" });
  return defineComposite(name, (x: Tensor, dim?: number, options?: ReduceOptions) => over(x, dim, options), { differentiable: false });
}

/** Index of the first largest value along `dim`, or in the flattened tensor; NaN wins; int32. */
export const argmax = defineArg("argmax", "argmax");
/** Index of the first smallest value along `dim`, or in the flattened tensor; NaN wins; int32. */
export const argmin = defineArg("argmin", "argmin");

/** Σx/n over `dims`; NaN for no elements. */
export const mean: Reduction = defineComposite("mean", (x: Tensor, dims?: Dims, options?: ReduceOptions) => {
  const count = countOf(x, normalizeDims("mean", dims, x.ndim));
  return sum(x, dims, options).div(count);
});

/** x with `dims` moved to the end and merged into one. */
function gatherDims(x: Tensor, dims: readonly number[]): Tensor {
  const kept = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  return x.permute([...kept, ...dims]).reshape([...kept.map((d) => x.shape[d]), countOf(x, dims)]);
}

/** Πx over `dims`; 1 for no elements. Multiplied in pairs, so the gradient is right where elements are 0. */
export const prod: Reduction = defineComposite("prod", (x: Tensor, dims?: Dims, options?: ReduceOptions) => {
  const [, reduced] = parser("prod")(x, dims, options);
  let rest = gatherDims(x.dtype === "bool" ? x.to("int32") : x, reduced.dims);
  let odd: Tensor | null = null;
  const length = (): number => rest.shape[rest.ndim - 1];
  if (length() === 0) return sum(rest, -1).add(1).reshape(reducedShape(x.shape, reduced));
  while (length() > 1) {
    const half = length() >> 1;
    if (length() % 2 === 1) {
      const last = rest.slice(-1, 2 * half);
      odd = odd === null ? last : odd.mul(last);
    }
    rest = rest.slice(-1, 0, half).mul(rest.slice(-1, half, 2 * half));
  }
  return (odd === null ? rest : rest.mul(odd)).reshape(reducedShape(x.shape, reduced));
});

type VarianceReduction = Op<[x: Tensor, dims?: Dims, options?: VarianceOptions]>;

/** Σ(x − mean)²/(n − correction) over `dims`; in two passes, so nothing cancels. */
export const variance: VarianceReduction = defineComposite("variance", (x: Tensor, dims?: Dims, options?: VarianceOptions) => {
  checkOptions("variance", options, ["keepDim", "correction"]);
  const { correction = 1, keepDim = false } = options ?? {};
  const count = countOf(x, normalizeDims("variance", dims, x.ndim));
  const deviation = x.sub(mean(x, dims, { keepDim: true }));
  return sum(deviation.square(), dims, { keepDim }).div(Math.max(0, count - correction));
});

/** √variance. */
export const std: VarianceReduction = defineComposite("std", (x: Tensor, dims?: Dims, options?: VarianceOptions) => variance(x, dims, options).sqrt());

export interface NormOptions extends ReduceOptions {
  /** The order: 2 (default), 1, any other p > 0, or Infinity for the largest magnitude. */
  readonly p?: number;
}

/** (Σ|x|ᵖ)^(1/p) over `dims`. */
export const norm = defineComposite("norm", (x: Tensor, dims?: Dims, options?: NormOptions) => {
  checkOptions("norm", options, ["keepDim", "p"]);
  const { p = 2, keepDim = false } = options ?? {};
  if (!(p > 0)) throw new ValueError("norm", `the order p is ${p}`, "Use a number above 0, or Infinity", { p });
  if (p === Infinity) return max(x.abs(), dims, { keepDim });
  if (p === 1) return sum(x.abs(), dims, { keepDim });
  if (p === 2) return sum(x.square(), dims, { keepDim }).sqrt();
  return sum(x.abs().pow(p), dims, { keepDim }).pow(1 / p);
});

/** log Σeˣ over `dims`, shifted by the maximum so that nothing overflows; −∞ where all elements are. */
export const logSumExp: Reduction = defineComposite("logSumExp", (x: Tensor, dims?: Dims, options?: ReduceOptions) => {
  const [, reduced] = parser("logSumExp")(x, dims, options);
  if (x.size === 0) return sum(x, reduced.dims, { keepDim: reduced.keepDim }).log();
  const top = max(x.detach(), reduced.dims, { keepDim: true });
  const shift = where(isFinite(top), top, 0);
  const log = sum(x.sub(shift).exp(), reduced.dims, { keepDim: true }).log().add(shift);
  return reduced.keepDim ? log : log.reshape(reducedShape(x.shape, reduced));
});

/** Whether every element over `dims` is true (not 0); true for no elements. */
export const all: Reduction = defineComposite(
  "all",
  (x: Tensor, dims?: Dims, options?: ReduceOptions) => sum(x.eq(0), dims, options).eq(0),
  { differentiable: false },
);

/** Whether some element over `dims` is true (not 0); false for no elements. */
export const any: Reduction = defineComposite(
  "any",
  (x: Tensor, dims?: Dims, options?: ReduceOptions) => sum(x.ne(0), dims, options).ne(0),
  { differentiable: false },
);

const table = [[1, 2, 3], [4, 5, 6]];

export const examples = (): Example[] => [
  example(sum, { inputs: [table], expect: 21 }),
  example(sum, { inputs: [table], call: ([x]) => sum(x, 0), expect: [5, 7, 9] }),
  example(sum, { inputs: [table], call: ([x]) => sum(x, 1, { keepDim: true }), expect: [[6], [15]] }),
  example(sum, { inputs: [[true, false, true]], expect: 2 }),
  example(sum, { shapes: [[2, 3, 4]], call: ([x]) => sum(x.transpose(), [0, -1]) }),
  example(sum, { shapes: [[2, 0]], call: ([x]) => sum(x, 1), expect: [0, 0] }),
  example(sum, { shapes: [[2, 3]], call: ([x]) => sum(x, [0, 0]), throws: "dim 0 appears twice" }),
  example(mean, { inputs: [table], expect: 3.5 }),
  example(mean, { inputs: [table], call: ([x]) => mean(x, 1), expect: [2, 5] }),
  example(mean, { shapes: [[0]], expect: NaN }),
  example(prod, { inputs: [table], call: ([x]) => prod(x, 1), expect: [6, 120] }),
  example(prod, { inputs: [[[2, 0, 3, 4, 1], [0, 0, 1, 2, 3]]], call: ([x]) => prod(x, 1), expect: [0, 0] }),
  example(prod, { shapes: [[2, 3, 2]], call: ([x]) => prod(x, [0, 2]) }),
  example(prod, { shapes: [[0]], expect: 1 }),
  example(max, { inputs: [table], expect: 6 }),
  example(max, { inputs: [[[3, 1], [2, 5]]], call: ([x]) => max(x, 0), expect: [3, 5] }),
  example(max, { shapes: [[0]], throws: "there is nothing to reduce in shape [0]" }),
  example(min, { inputs: [[[3, 1], [2, 5]]], call: ([x]) => min(x, -1), expect: [1, 2] }),
  example(argmax, { inputs: [[[1, 9, 3], [7, 5, 7]]], call: ([x]) => argmax(x, 1), expect: [1, 0] }),
  example(argmax, { inputs: [[[1, 9, 3], [7, 5, 7]]], expect: 1 }),
  example(argmax, { inputs: [[1, NaN, 3]], expect: 1 }),
  example(argmin, { inputs: [[[1, 9, 3], [7, 5, 7]]], call: ([x]) => argmin(x, 0, { keepDim: true }), expect: [[0, 1, 0]] }),
  example(variance, { inputs: [[1, 2, 3, 4]], expect: 5 / 3 }),
  example(variance, { inputs: [[1, 2, 3, 4]], call: ([x]) => variance(x, 0, { correction: 0 }), expect: 1.25 }),
  example(std, { inputs: [[1, 2, 3, 4]], expect: Math.sqrt(5 / 3) }),
  example(std, { shapes: [[3, 4]], call: ([x]) => std(x, 1, { keepDim: true }) }),
  example(norm, { inputs: [[3, -4]], expect: 5 }),
  example(norm, { inputs: [[3, -4]], call: ([x]) => norm(x, 0, { p: 1 }), expect: 7 }),
  example(norm, { inputs: [[3, -4]], call: ([x]) => norm(x, 0, { p: Infinity }), expect: 4 }),
  example(norm, { inputs: [[3, -4]], call: ([x]) => norm(x, 0, { p: 3 }), expect: Math.cbrt(91) }),
  example(logSumExp, { inputs: [[1000, 1000]], expect: 1000 + Math.LN2 }),
  example(logSumExp, { shapes: [[2, 0]], call: ([x]) => logSumExp(x, 1), expect: [-Infinity, -Infinity] }),
  example(logSumExp, { shapes: [[2, 3]], call: ([x]) => logSumExp(x, 1) }),
  example(all, { inputs: [[[true, true], [true, false]]], call: ([x]) => all(x, 1), expect: [true, false] }),
  example(any, { inputs: [[[false, true], [false, false]]], call: ([x]) => any(x, 1), expect: [true, false] }),
];
