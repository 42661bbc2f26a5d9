import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { showShape, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { affine, alongChannels, baseKeys, checkAffine, checkChannels, checkNorm, standardizeBy } from "./standardize.js";
import type { NormOptionsBase } from "./standardize.js";
import { standardize } from "./statistics.js";
import type { Standardized } from "./statistics.js";

export interface BatchNormOptions extends NormOptionsBase {
  /** Mean of each channel, [C], to use instead of the batch's; together with `variance`. */
  readonly mean?: Tensor;
  readonly variance?: Tensor;
}

/** The dims of [N, C, ..] other than the channels. */
export const batchDims = (x: Tensor): number[] => x.shape.flatMap((_, d) => (d === 1 ? [] : [d]));

/** @throws ShapeError unless the last dims of x are `normalizedShape`; gives their numbers */
function lastDims(where: string, x: Tensor, normalizedShape: Shape): number[] {
  const rank = normalizedShape.length;
  if (rank === 0 || showShape(x.shape.slice(-rank)) !== showShape(normalizedShape)) {
    throw new ShapeError(where, `x of shape ${showShape(x.shape)} does not end in ${showShape(normalizedShape)}`, `Give x of shape [.., ${normalizedShape.join(", ")}]`, {
      shapes: [x.shape, normalizedShape],
    });
  }
  return normalizedShape.map((_, d) => x.ndim - rank + d);
}

/**
 * Every channel over the batch: (x − mean)/√(variance + eps)·weight + bias, with the batch's own statistics (the variance divided by
 * the number of elements), or given ones. Shapes: x [N, C] or [N, C, ..] → same; weight, bias, mean, variance [C]. (Ioffe & Szegedy, 2015)
 * @throws ShapeError; ValueError when a channel has only one element and no statistics are given
 */
export const batchNorm = /* @__PURE__ */ defineComposite("batchNorm", (x: Tensor, options: BatchNormOptions = {}): Tensor => {
  checkOptions("batchNorm", options, [...baseKeys, "mean", "variance"]);
  checkNorm("batchNorm", x, options);
  checkChannels("batchNorm", x, 2);
  const { eps = 1e-5, mean, variance } = options;
  checkAffine("batchNorm", options, [x.shape[1]]);
  const layout = alongChannels(x);
  if (mean !== undefined && variance !== undefined) {
    checkAffine("batchNorm statistics", { weight: mean, bias: variance }, [x.shape[1]]);
    return affine(standardizeBy(x, mean.reshape(layout), variance.reshape(layout), eps), options, layout);
  }
  if (mean !== undefined || variance !== undefined) throw new ValueError("batchNorm", "only one of mean and variance is given", "Give both, or none to use the batch's");
  if (x.size === x.shape[1]) {
    throw new ValueError("batchNorm", `x of shape ${showShape(x.shape)} has one element per channel`, "Use a larger batch, or evaluation mode: one element has no variance", { shape: x.shape });
  }
  return affine(standardize(x, batchDims(x), eps).y, options, layout);
});

/** `batchNorm` by the batch's own statistics, which come out too, [C] each, for running averages. */
export function batchNormWithStatistics(x: Tensor, options: NormOptionsBase = {}): Standardized {
  const { y, mean, variance } = standardize(x, batchDims(x), options.eps ?? 1e-5);
  return { y: affine(y, options, alongChannels(x)), mean: mean.flatten(), variance: variance.flatten() };
}

/**
 * Every sample over its last dims. Shapes: x [.., ...normalizedShape] → same; weight and bias normalizedShape. (Ba et al., 2016)
 * @throws ShapeError when x does not end in normalizedShape
 */
export const layerNorm = /* @__PURE__ */ defineComposite("layerNorm", (x: Tensor, normalizedShape: Shape, options: NormOptionsBase = {}): Tensor => {
  checkOptions("layerNorm", options, baseKeys);
  checkNorm("layerNorm", x, options);
  const dims = lastDims("layerNorm", x, normalizedShape);
  checkAffine("layerNorm", options, normalizedShape);
  return affine(standardize(x, dims, options.eps ?? 1e-5).y, options, normalizedShape);
});

const rootMeanSquared = elementwise("rootMeanSquared", (x, meanSquare, eps) => x.mul(meanSquare.add(eps).rsqrt()));

/**
 * x/√(mean(x²) + eps)·weight over the last dims. Shapes: x [.., ...normalizedShape] → same. Default eps: the dtype's precision,
 * 1.19e-7 in float32 and 2.22e-16 in float64, as PyTorch's. (Zhang & Sennrich, 2019)
 */
export const rmsNorm = /* @__PURE__ */ defineComposite("rmsNorm", (x: Tensor, normalizedShape: Shape, options: Omit<NormOptionsBase, "bias"> = {}): Tensor => {
  checkOptions("rmsNorm", options, ["weight", "eps"]);
  checkNorm("rmsNorm", x, options);
  const dims = lastDims("rmsNorm", x, normalizedShape);
  checkAffine("rmsNorm", options, normalizedShape);
  const { eps = x.dtype === "float64" ? 2 ** -52 : 2 ** -23 } = options;
  return affine(rootMeanSquared(x, x.square().mean(dims, { keepDim: true }), eps), options, normalizedShape);
});

/**
 * Every group of channels of every sample. Shapes: x [N, C, ..] → same; weight and bias [C]. (Wu & He, 2018)
 * @throws ShapeError when the groups do not divide the channels
 */
export const groupNorm = /* @__PURE__ */ defineComposite("groupNorm", (x: Tensor, numGroups: number, options: NormOptionsBase = {}): Tensor => {
  checkOptions("groupNorm", options, baseKeys);
  checkNorm("groupNorm", x, options);
  checkChannels("groupNorm", x, 2);
  const [n, c, ...rest] = x.shape;
  if (!Number.isSafeInteger(numGroups) || numGroups < 1 || c % numGroups !== 0) {
    throw new ShapeError("groupNorm", `${numGroups} groups do not divide ${c} channels`, `Use a divisor of ${c}`, { numGroups, channels: c });
  }
  checkAffine("groupNorm", options, [c]);
  const grouped = x.reshape([n, numGroups, (c / numGroups) * sizeOf(rest)]);
  return affine(standardize(grouped, [2], options.eps ?? 1e-5).y.reshape(x.shape), options, alongChannels(x));
});

/**
 * Every channel of every sample. Shapes: x [N, C, ..] with spatial dims → same; weight and bias [C]. (Ulyanov et al., 2016)
 * @throws ValueError when a channel of a sample has one element only
 */
export const instanceNorm = /* @__PURE__ */ defineComposite("instanceNorm", (x: Tensor, options: NormOptionsBase = {}): Tensor => {
  checkOptions("instanceNorm", options, baseKeys);
  checkNorm("instanceNorm", x, options);
  checkChannels("instanceNorm", x, 3);
  checkAffine("instanceNorm", options, [x.shape[1]]);
  if (sizeOf(x.shape.slice(2)) === 1) {
    throw new ValueError("instanceNorm", `x of shape ${showShape(x.shape)} has one element per channel`, "Give spatial dims of more than one element: one element has no variance", { shape: x.shape });
  }
  const dims = x.shape.slice(2).map((_, d) => d + 2);
  return affine(standardize(x, dims, options.eps ?? 1e-5).y, options, alongChannels(x));
});
