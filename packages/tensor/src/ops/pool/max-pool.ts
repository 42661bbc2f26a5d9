import type { Tensor } from "../../tensor.js";
import { record } from "../../op/apply.js";
import { defineComposite, defineOp } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import type { GradientRule } from "../../op/origin.js";
import { contiguousStrides, sameShape, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import { state } from "../../state.js";
import { contiguousView } from "../../view.js";
import type { PerDim } from "../conv/geometry.js";
import { windowView } from "../conv/windows.js";
import { where } from "../comparison.js";
import { gatherChecked, scatterZeros, selectChecked } from "../indexing.js";
import { pad } from "../pad.js";
import { batchwise, checkPool, haveElements, poolingOf } from "./geometry.js";
import type { MaxPoolOptions, Pooling } from "./geometry.js";

/** Which element of each window is the largest, counted row-major: [N, C, ...S] → [N, C, ...out]; the first of equals, NaN wins. */
export const windowArgmax = defineOp({
  name: "windowArgmax",
  parse: (x: Tensor, pooling: Pooling) => [[x], pooling],
  shape: ([x], { out }) => [...x.shape.slice(0, -out.length), ...out],
  dtype: () => "int32",
  flops: (_, output, { kernel }) => output.size * sizeOf(kernel),
  forward: (backend, [x], target, { out, ...lattice }) => {
    const seen = windowView(x, out, lattice);
    const dims = out.map((_, d) => x.shape.length + d);
    if (sizeOf(target.shape) > 0) backend.reduce("argmax", null, [seen], [], dims, contiguousView(target.buffer, target.dtype, target.shape));
  },
});

const counted = (count: number, step: number): number[] => Array.from({ length: count }, (_, i) => i * step);

/** Where windows' first elements that are no padding lie along a dim of the padded plane; where all is padding, the first of that. */
function firstElements({ sizes, padding, out, stride, kernel, dilation }: Pooling, d: number): number[] {
  const [before] = padding[d];
  return counted(out[d], stride[d]).map((begin) => {
    const skipped = Math.max(0, Math.ceil((before - begin) / dilation[d]));
    const first = begin + skipped * dilation[d];
    return skipped < kernel[d] && first < before + sizes[d] ? first : begin;
  });
}

/**
 * Position in a padded plane of `sizes` that holds element k of a window: where the window begins plus an offset that only k decides.
 * The first element of a window may be padding, but wins only where all are −∞: then the first that is no padding stands for it.
 */
function positionsOf(which: Tensor, sizes: Shape, pooling: Pooling): Tensor {
  const { kernel, stride, dilation, out } = pooling;
  const steps = contiguousStrides(sizes);
  const flat = (coordinates: readonly (readonly number[])[]): Int32Array =>
    Int32Array.from(coordinates.reduce<number[]>((found, own, d) => found.flatMap((at) => own.map((i) => at + i * steps[d])), [0]));
  const perWindow = (along: (d: number) => number[]): Tensor => which.makeFrom(flat(out.map((_, d) => along(d))), "int32", out);
  const within = which.makeFrom(flat(kernel.map((count, d) => counted(count, dilation[d]))), "int32", [sizeOf(kernel)]);
  const positions = selectChecked(within, 0, which.flatten()).reshape(which.shape).add(perWindow((d) => counted(out[d], stride[d])));
  return sameShape(sizes, pooling.sizes) ? positions : where(which.eq(0), perWindow((d) => firstElements(pooling, d)), positions);
}

export interface WithIndices {
  readonly values: Tensor;
  /** Where each value stands in its flattened channel; int32. What `maxUnpool` takes. */
  readonly indices: Tensor;
}

interface Chosen {
  readonly values: Tensor;
  /** Of the largest elements in their flattened planes; [N, C, ...out]. */
  readonly positions: Tensor;
  /** Sizes of these planes: with padding, or without. */
  readonly plane: Shape;
}

/** Positions in the padded plane → positions in the plane itself. Where a window sees padding alone, the nearest element stands in. */
function withoutPadding({ positions, plane: wide }: Chosen, { sizes, padding }: Pooling): Tensor {
  if (sameShape(wide, sizes)) return positions;
  const steps = contiguousStrides(wide);
  const inner = contiguousStrides(sizes);
  const table = Int32Array.from({ length: sizeOf(wide) }, (_, i) =>
    sizes.reduce((at, size, d) => at + Math.min(Math.max((Math.floor(i / steps[d]) % wide[d]) - padding[d][0], 0), size - 1) * inner[d], 0),
  );
  return selectChecked(positions.makeFrom(table, "int32", [table.length]), 0, positions.flatten()).reshape(positions.shape);
}

/** Planes as lines, which positions count along. */
const lined = (x: Tensor): Tensor => x.reshape([x.shape[0], x.shape[1], sizeOf(x.shape.slice(2))]);

interface Seen {
  readonly taps: number;
  /** Where the backend's own kernel chose. */
  readonly pooling: Pooling;
}

/** The gradient in one kernel of the backend's own, unless it is to be differentiated itself. */
function gradientAtOnce(grad: Tensor, plane: Tensor, positions: Tensor, pooling: Pooling): Tensor | null {
  const { backend } = plane;
  if (backend.maxPoolGradient === undefined || state.gradEnabled) return null;
  const out = plane.makeEmpty(plane.shape, plane.dtype);
  backend.maxPoolGradient(grad.contiguous(), positions, pooling, out);
  return out;
}

const rule: GradientRule<Seen> = {
  name: "maxPool",
  flops: (_, output, { taps }) => output.size * taps,
  backward: ({ grad, inputs: [plane, positions], options: { pooling } }) => {
    const fast = gradientAtOnce(grad, plane, positions, pooling);
    if (fast !== null) return [fast, null];
    const [n, c, ...sizes] = plane.shape;
    return [scatterZeros([n, c, sizeOf(sizes)], 2, lined(positions), lined(grad)).reshape(plane.shape), null];
  },
};

/** In one kernel, where the backend has it. */
function atOnce(x: Tensor, pooling: Pooling): Chosen | null {
  const { backend } = x;
  const shape = [x.shape[0], x.shape[1], ...pooling.out];
  if (backend.maxPool === undefined || x.dtype !== "float32" || sizeOf(shape) === 0 || !haveElements(pooling)) return null;
  const dense = x.contiguous();
  const [values, positions] = [x.makeEmpty(shape, x.dtype), x.makeEmpty(shape, "int32")];
  backend.maxPool(dense, pooling, values, positions);
  return { values: record(values, rule, [dense, positions], { taps: sizeOf(pooling.kernel), pooling }), positions, plane: pooling.sizes };
}

function pooled(x: Tensor, pooling: Pooling): Chosen {
  const fast = atOnce(x, pooling);
  if (fast !== null) return fast;
  const { padding, out } = pooling;
  const padded = padding.every(([before, after]) => before + after === 0) ? x : pad(x, padding.toReversed().flat(), { value: -Infinity });
  const plane = padded.shape.slice(2);
  const positions = positionsOf(windowArgmax(padded.detach(), pooling), plane, pooling);
  return { values: gatherChecked(lined(padded), 2, lined(positions)).reshape([x.shape[0], x.shape[1], ...out]), positions, plane };
}

const keys = ["dilation"];

type MaxPool = Op<[x: Tensor, kernelSize: PerDim, options?: MaxPoolOptions]>;
type MaxPoolWithIndices = (x: Tensor, kernelSize: PerDim, options?: MaxPoolOptions) => WithIndices;

/* @__NO_SIDE_EFFECTS__ */
function defineMaxPool(name: string, rank: number): MaxPool {
  return defineComposite(name, (x: Tensor, kernelSize: PerDim, options: MaxPoolOptions = {}): Tensor => {
    checkPool(name, options, keys);
    const { pooling, batched } = poolingOf(name, x, kernelSize, rank, options);
    return batchwise(x, batched, (batch) => {
      const { values, positions } = pooled(batch, pooling);
      positions.passedOnTo(values);
      return values;
    });
  });
}

/* @__NO_SIDE_EFFECTS__ */
function defineMaxPoolWithIndices(name: string, rank: number): MaxPoolWithIndices {
  return (x, kernelSize, options = {}) => {
    checkPool(name, options, keys);
    const { pooling, batched } = poolingOf(name, x, kernelSize, rank, options);
    const chosen = pooled(batched ? x : x.unsqueeze(0), pooling);
    const { values } = chosen;
    const indices = withoutPadding(chosen, pooling);
    return batched ? { values, indices } : { values: values.squeeze(0), indices: indices.squeeze(0) };
  };
}

/**
 * The largest value of each window. The gradient goes to the first of equal values; padding never wins.
 * Shapes: [N, C, L] or [C, L] → [N, C, L′] or [C, L′].
 * @throws ShapeError, ValueError
 */
export const maxPool1d: MaxPool = defineMaxPool("maxPool1d", 1);
/** The largest value of each window; see `maxPool1d`. Shapes: [N, C, H, W] → [N, C, H′, W′]. */
export const maxPool2d: MaxPool = defineMaxPool("maxPool2d", 2);
/** The largest value of each window; see `maxPool1d`. Shapes: [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export const maxPool3d: MaxPool = defineMaxPool("maxPool3d", 3);

/** `maxPool1d`, and where each value came from. */
export const maxPool1dWithIndices: MaxPoolWithIndices = defineMaxPoolWithIndices("maxPool1dWithIndices", 1);
/** `maxPool2d`, and where each value came from. */
export const maxPool2dWithIndices: MaxPoolWithIndices = defineMaxPoolWithIndices("maxPool2dWithIndices", 2);
/** `maxPool3d`, and where each value came from. */
export const maxPool3dWithIndices: MaxPoolWithIndices = defineMaxPoolWithIndices("maxPool3dWithIndices", 3);
