import { ValueError, checkOptions } from "@dl/registry";
import { groupNorm, layerNorm, localResponseNorm, ones, rmsNorm, zeros } from "@dl/tensor";
import type { DType, LocalResponseNormOptions, Shape, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import { parameter } from "../../module/parameter.js";
import type { Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";

export interface RMSNormOptions {
  /** Added under the root, against division by zero. Default: the dtype's precision. */
  readonly eps?: number;
  /** Learn a factor per element. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
}

export interface LayerNormOptions extends RMSNormOptions {
  /** Added to the variance, against division by zero. Default 1e-5. */
  readonly eps?: number;
  /** Learn an offset beside the factor. Default true. */
  readonly bias?: boolean;
}

const shapeOf = (where: string, normalizedShape: number | Shape): Shape => {
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  if (shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size > 0)) return shape;
  throw new ValueError(where, `normalizedShape is [${shape.join(", ")}]`, "Give the sizes of the last dims, such as 512 or [8, 8]", { normalizedShape });
};

/**
 * Every sample over its last dims: (x − mean)/√(variance + eps)·weight + bias.
 * Shapes: x [.., ...normalizedShape] → same; weight and bias normalizedShape. (Ba et al., 2016)
 * @throws ShapeError when x does not end in normalizedShape
 */
export class LayerNorm extends Layer {
  static readonly type = "nn/LayerNorm";
  readonly normalizedShape: Shape;
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super([normalizedShape, jsonOptions(options)]);
    checkOptions("LayerNorm", options, ["eps", "elementwiseAffine", "bias", "dtype"]);
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype = "float32" } = options;
    this.normalizedShape = shapeOf("LayerNorm", normalizedShape);
    this.eps = eps;
    this.weight = elementwiseAffine ? parameter(ones(this.normalizedShape, { dtype })) : null;
    this.bias = elementwiseAffine && bias ? parameter(zeros(this.normalizedShape, { dtype })) : null;
  }

  forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias, eps } = this;
    return layerNorm(x, normalizedShape, { weight, bias, eps });
  }
}

/** x/√(mean(x²) + eps)·weight over the last dims. Shapes: x [.., ...normalizedShape] → same. (Zhang & Sennrich, 2019) */
export class RMSNorm extends Layer {
  static readonly type = "nn/RMSNorm";
  readonly normalizedShape: Shape;
  readonly eps: number | undefined;
  readonly weight: Parameter | null;

  constructor(normalizedShape: number | Shape, options: RMSNormOptions = {}) {
    super([normalizedShape, jsonOptions(options)]);
    checkOptions("RMSNorm", options, ["eps", "elementwiseAffine", "dtype"]);
    this.normalizedShape = shapeOf("RMSNorm", normalizedShape);
    this.eps = options.eps;
    this.weight = (options.elementwiseAffine ?? true) ? parameter(ones(this.normalizedShape, { dtype: options.dtype ?? "float32" })) : null;
  }

  forward(x: Tensor): Tensor {
    const { normalizedShape, weight, eps } = this;
    return rmsNorm(x, normalizedShape, eps === undefined ? { weight } : { weight, eps });
  }
}

export interface GroupNormOptions {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Learn a factor and an offset per channel. Default true. */
  readonly affine?: boolean;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
}

/**
 * Every group of channels of every sample. Shapes: [N, C, ..] → same; weight and bias [C]. (Wu & He, 2018)
 * @throws ValueError when the groups do not divide the channels
 */
export class GroupNorm extends Layer {
  static readonly type = "nn/GroupNorm";
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(readonly numGroups: number, readonly numChannels: number, options: GroupNormOptions = {}) {
    super([numGroups, numChannels, jsonOptions(options)]);
    checkOptions("GroupNorm", options, ["eps", "affine", "dtype"]);
    if (!(Number.isSafeInteger(numGroups) && numGroups > 0 && numChannels % numGroups === 0)) {
      throw new ValueError("GroupNorm", `${numGroups} groups do not divide ${numChannels} channels`, `Use a divisor of ${numChannels}`, { numGroups, numChannels });
    }
    const { eps = 1e-5, affine = true, dtype = "float32" } = options;
    this.eps = eps;
    this.weight = affine ? parameter(ones([numChannels], { dtype })) : null;
    this.bias = affine ? parameter(zeros([numChannels], { dtype })) : null;
  }

  forward(x: Tensor): Tensor {
    const { numGroups, weight, bias, eps } = this;
    return groupNorm(x, numGroups, { weight, bias, eps });
  }
}

/** x/(k + α·mean of x² over `size` neighbouring channels)^β. Shapes: [N, C, ..] → same. (Krizhevsky et al., 2012) */
export class LocalResponseNorm extends Layer {
  static readonly type = "nn/LocalResponseNorm";

  constructor(readonly size: number, readonly options: LocalResponseNormOptions = {}) {
    super([size, jsonOptions(options)]);
    checkOptions("LocalResponseNorm", options, ["alpha", "beta", "k"]);
  }

  forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this.options);
  }
}
