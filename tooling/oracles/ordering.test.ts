import { grad } from "@dl/autograd";
import {
  bucketize, cartesianProd, cdist, cross, cummax, cummin, cumprod, cumsum, det, diagEmbed, diagonal, diff, einsum, eye, indexAdd, indexCopy, indexFill, inverse,
  kron, kthvalue, logCumSumExp, maskedFill, maskedScatter, median, moveDim, quantile, repeatInterleave, rot90, round, scatter, searchsorted, solve, sort,
  take, tensor, tensordot, topk, trapezoid, tril, triu,
} from "@dl/tensor";
import type { Nested, QuantileInterpolation, ScatterReduction, Selection, Tensor } from "@dl/tensor";
import { expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";

/** The arguments that the cases of one op share; each case has the ones its op reads. */
interface Arguments {
  readonly dim: number;
  readonly dim1: number;
  readonly dim2: number;
  readonly offset: number;
  readonly diagonal: number;
  readonly k: number;
  readonly n: number;
  readonly p: number | "inf";
  readonly q: number | readonly number[];
  readonly value: number;
  readonly above: number;
  readonly alpha: number;
  readonly descending: boolean;
  readonly largest: boolean;
  readonly right: boolean;
  readonly includeSelf: boolean;
  readonly keepDim: boolean;
  readonly reduce: ScatterReduction;
  readonly interpolation: QuantileInterpolation;
  readonly equation: string;
  readonly index: Nested;
  readonly repeats: readonly number[];
  readonly source: readonly number[];
  readonly destination: readonly number[];
  readonly dims: readonly [number, number] & readonly [readonly number[], readonly number[]];
}

interface Options {
  readonly op: string;
  readonly shapes: readonly (readonly number[])[];
  readonly args: Arguments;
  /** Inputs are rounded to multiples of this, for ties. */
  readonly step?: number;
}

type Call = (inputs: readonly Tensor[], args: Arguments) => Tensor | Selection;

const whole = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
const twice = eye(4, 4, { dtype: "float64" }).mul(2);
const inOrder = (x: Tensor): Tensor => sort(x.detach()).values;

const calls: Readonly<Record<string, Call>> = {
  sort: ([x], { dim, descending }) => sort(x, { dim, descending }),
  topk: ([x], { k, dim, largest }) => topk(x, k, { dim, largest }),
  kthvalue: ([x], { k, dim }) => kthvalue(x, k, { dim, keepDim: true }),
  median: ([x], { dim }) => median(x, dim),
  quantile: ([x], { q, dim, keepDim, interpolation }) => quantile(x, q, { ...(typeof dim === "number" && { dim, keepDim }), interpolation }),
  searchsorted: ([sorted, values], { right }) => searchsorted(inOrder(sorted), values, { right }),
  bucketize: ([x, boundaries], { right }) => bucketize(x, inOrder(boundaries), { right }),
  cumsum: ([x], { dim }) => cumsum(x, dim),
  cumprod: ([x], { dim }) => cumprod(x, dim),
  logCumSumExp: ([x], { dim }) => logCumSumExp(x, dim),
  cummax: ([x], { dim }) => cummax(x, dim),
  cummin: ([x], { dim }) => cummin(x, dim),
  diff: ([x], { n, dim }) => diff(x, { n, dim }),
  trapezoid: ([y, x]) => trapezoid(y, { x, dim: 0 }),
  scatter: ([x, src], { dim, index, reduce, includeSelf }) => scatter(x, dim, whole(index), src, { reduce, includeSelf }),
  indexAdd: ([x, src], { dim, index, alpha }) => indexAdd(x, dim, whole(index), src, { alpha }),
  indexCopy: ([x, src], { dim, index }) => indexCopy(x, dim, whole(index), src),
  indexFill: ([x], { dim, index, value }) => indexFill(x, dim, whole(index), value),
  take: ([x], { index }) => take(x, whole(index)),
  maskedFill: ([x], { value, above }) => maskedFill(x, x.gt(above), value),
  maskedScatter: ([x, src], { above }) => maskedScatter(x, x.gt(above), src),
  einsum: (inputs, { equation }) => einsum(equation, ...inputs),
  cdist: ([a, b], { p }) => cdist(a, b, { p: p === "inf" ? Infinity : p }),
  tensordot: ([a, b], { dims }) => tensordot(a, b, dims),
  kron: ([a, b]) => kron(a, b),
  cross: ([a, b], { dim }) => cross(a, b, { dim }),
  diagonal: ([x], { offset, dim1, dim2 }) => diagonal(x, { offset, dim1, dim2 }),
  diagEmbed: ([x], { offset, dim1, dim2 }) => diagEmbed(x, { offset, dim1, dim2 }),
  tril: ([x], options) => tril(x, options),
  triu: ([x], options) => triu(x, options),
  rot90: ([x], { k, dims }) => rot90(x, { k, dims }),
  moveDim: ([x], { source, destination }) => moveDim(x, source, destination),
  repeatInterleave: ([x], { repeats, dim }) => repeatInterleave(x, whole(repeats), { dim }),
  cartesianProd: (inputs) => cartesianProd(...inputs),
  det: ([x]) => det(x.add(twice)),
  solve: ([a, b]) => solve(a.add(twice), b),
  inverse: ([x]) => inverse(x.add(twice)),
};

function inputOf(shape: readonly number[], k: number, step: number | undefined): Tensor {
  const drawn = wave(shape, { phase: k / 3 });
  const x = step === undefined ? drawn : round(drawn.div(step)).mul(step);
  x.requiresGrad = true;
  return x;
}

const tolerance = 1e-10;

test.each(readFixture<Options>("ordering"))("$name as PyTorch, with its gradient (OPT-09)", ({ options: { op, shapes, args, step }, tensors }) => {
  const inputs = shapes.map((shape, k) => inputOf(shape, k, step));
  const result = calls[op](inputs, args);
  const { values, indices } = "values" in result ? result : { values: result, indices: null };
  expectClose(values, tensors.values, tolerance, "the values");
  if (indices !== null) expectClose(indices, tensors.indices, 0, "the indices");
  expect(values.requiresGrad).toBe("grad0" in tensors);
  if (!values.requiresGrad) return;
  const gradients = grad(values, inputs, { gradOutputs: [wave(values.shape, { phase: 0.5 })] });
  gradients.forEach((gradient, k) => { expectClose(gradient, tensors[`grad${k}`], tolerance, `the gradient of input ${k}`); });
});

test("every op has a case, and every case its op", () => {
  expect([...new Set(readFixture<Options>("ordering").map(({ options }) => options.op))].sort()).toEqual(Object.keys(calls).sort());
});
