import type { Tensor } from "../../tensor.js";
import { record } from "../../op/apply.js";
import { defineComposite, defineOp } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import type { GradientRule } from "../../op/origin.js";
import { contiguousStrides, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import { contiguousView } from "../../view.js";
import type { PerDim } from "../conv/geometry.js";
import { windowView } from "../conv/windows.js";
import { gatherChecked, indexSelect, scatterAddChecked } from "../indexing.js";
import { pad } from "../pad.js";
import { batchwise, checkPool, poolingOf } from "./geometry.js";
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

/** Position in a plane of `sizes` that holds element k of a window is where the window begins plus an offset that only k decides. */
function positionsOf(which: Tensor, sizes: Shape, { kernel, stride, dilation, out }: Pooling): Tensor {
  const steps = contiguousStrides(sizes);
  const lattice = (shape: Shape, spacing: readonly number[]): Int32Array => {
    const strides = contiguousStrides(shape);
    return Int32Array.from({ length: sizeOf(shape) }, (_, i) => shape.reduce((at, size, d) => at + (Math.floor(i / strides[d]) % size) * spacing[d] * steps[d], 0));
  };
  const begin = which.makeFrom(lattice(out, stride), "int32", out);
  const within = which.makeFrom(lattice(kernel, dilation), "int32", [sizeOf(kernel)]);
  return indexSelect(within, 0, which.flatten()).reshape(which.shape).add(begin);
}

export interface WithIndices {
  readonly values: Tensor;
  /** Where each value stands in its flattened channel; int32. What `maxUnpool` takes. */
  readonly indices: Tensor;
}

/** Positions in the padded plane → positions in the plane itself. A window of −∞ alone may have chosen the padding: the nearest element stands in. */
function withoutPadding(positions: Tensor, wide: Shape, { sizes, padding }: Pooling): Tensor {
  const steps = contiguousStrides(wide);
  const inner = contiguousStrides(sizes);
  const table = Int32Array.from({ length: sizeOf(wide) }, (_, i) =>
    sizes.reduce((at, size, d) => at + Math.min(Math.max((Math.floor(i / steps[d]) % wide[d]) - padding[d][0], 0), size - 1) * inner[d], 0),
  );
  return indexSelect(positions.makeFrom(table, "int32", [table.length]), 0, positions.flatten()).reshape(positions.shape);
}

interface Chosen {
  /** Of the largest elements, in their planes: [N, C, ...out]. */
  readonly positions: Tensor;
}

/** Planes as lines, which positions count along. */
const lined = (x: Tensor): Tensor => x.reshape([x.shape[0], x.shape[1], sizeOf(x.shape.slice(2))]);

const rule: GradientRule<{ readonly taps: number }> = {
  name: "maxPool",
  flops: (_, output, { taps }) => output.size * taps,
  backward: ({ grad, inputs: [plane, positions] }) => {
    const nothing = lined(plane.makeEmpty(plane.shape, grad.dtype));
    return [scatterAddChecked(nothing, 2, lined(positions), lined(grad)).reshape(plane.shape), null];
  },
};

/** In one kernel, where the backend has it. */
function atOnce(plane: Tensor, pooling: Pooling): (Chosen & { readonly values: Tensor }) | null {
  const { backend } = plane;
  const shape = [plane.shape[0], plane.shape[1], ...pooling.out];
  if (backend.maxPool === undefined || plane.dtype !== "float32" || sizeOf(shape) === 0) return null;
  const dense = plane.contiguous();
  const [values, positions] = [plane.makeEmpty(shape, plane.dtype), plane.makeEmpty(shape, "int32")];
  backend.maxPool(dense, pooling, values, positions);
  return { values: record(values, rule, [dense, positions], { taps: sizeOf(pooling.kernel) }), positions };
}

function pooled(x: Tensor, pooling: Pooling): Chosen & { readonly values: Tensor; readonly wide: Shape } {
  const { padding, out } = pooling;
  const plane = padding.every(([before, after]) => before + after === 0) ? x : pad(x, padding.toReversed().flat(), { value: -Infinity });
  const wide = plane.shape.slice(2);
  const fast = atOnce(plane, pooling);
  if (fast !== null) return { ...fast, wide };
  const positions = positionsOf(windowArgmax(plane.detach(), pooling), wide, pooling);
  return { values: gatherChecked(lined(plane), 2, lined(positions)).reshape([x.shape[0], x.shape[1], ...out]), positions, wide };
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
    const { values, positions, wide } = pooled(batched ? x : x.unsqueeze(0), pooling);
    const indices = withoutPadding(positions, wide, pooling);
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
