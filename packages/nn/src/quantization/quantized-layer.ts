import { DTypeError, checkChoice, checkOptions } from "@dl/registry";
import { conv1d, conv2d, conv3d, ones, perDim, showShape, zeros } from "@dl/tensor";
import type { ConvOptions, PaddingMode, PerDim, Shape, Tensor, WindowOptions } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import { buffer } from "../module/parameter.js";
import type { Buffer } from "../module/parameter.js";
import { jsonOptions } from "../layers/options.js";
import { rangeOf, scaleOf, toFloat, toInt8 } from "./int8.js";

export interface QuantizedOptions {
  /** Whether there is an offset. Default true. */
  readonly bias?: boolean;
  /** Whether inputs have a scale that was settled before ("static"), or each sample's own range ("dynamic", default). */
  readonly inputs?: "dynamic" | "static";
}

export interface QuantizedConvOptions extends QuantizedOptions, WindowOptions {
  readonly groups?: number;
  readonly paddingMode?: PaddingMode;
}

const ownKeys = ["bias", "inputs"];

/**
 * A layer whose weight is int8, w ≈ scale·weight with one scale per output, and that multiplies in int8: its input becomes int8, too. For
 * inference: there is nothing to learn in it.
 */
export abstract class QuantizedLayer extends Layer {
  readonly weight: Buffer;
  /** float32 [outputs]. */
  readonly scale: Buffer;
  readonly bias: Buffer | null;
  /** float32 []; `null` where every sample's range is its own. */
  readonly inputScale: Buffer | null;

  constructor(private readonly where: string, weightShape: Shape, args: readonly unknown[], options: QuantizedOptions) {
    super(args);
    const { bias = true, inputs = "dynamic" } = options;
    checkChoice(where, "inputs", inputs, ["dynamic", "static"]);
    this.weight = buffer(zeros(weightShape, { dtype: "int8" }));
    this.scale = buffer(ones([weightShape[0]]));
    this.bias = bias ? buffer(zeros([weightShape[0]])) : null;
    this.inputScale = inputs === "static" ? buffer(ones([])) : null;
  }

  /** Sums of products of int8: [.., outputs, ..] int32. */
  protected abstract products(x: Tensor): Tensor;

  /** Dims of the input that have a range of their own. */
  protected abstract readonly own: (x: Tensor) => readonly number[];

  /** Puts a number per output along the outputs of y. */
  protected abstract along(perOutput: Tensor, y: Tensor): Tensor;

  forward(x: Tensor): Tensor {
    if (x.dtype !== "float32") throw new DTypeError(this.where, `x is ${x.dtype} of shape ${showShape(x.shape)}`, 'It rounds by itself: give x.to("float32")', { dtype: x.dtype });
    const inputScale = this.inputScale ?? scaleOf(rangeOf(x, this.own(x)));
    const sums = this.products(toInt8(x, inputScale));
    const y = toFloat(sums, this.along(this.scale, sums), inputScale);
    return this.bias === null ? y : y.add(this.along(this.bias, y));
  }
}

/** `Linear` in int8. Shapes: x float32 [.., inFeatures] → [.., outFeatures]; each row has a range of its own unless inputs are "static". */
export class QuantizedLinear extends QuantizedLayer {
  static readonly type = "nn/QuantizedLinear";
  protected readonly own = ({ ndim }: Tensor): readonly number[] => Array.from({ length: ndim - 1 }, (_, d) => d);

  constructor(readonly inFeatures: number, readonly outFeatures: number, options: QuantizedOptions = {}) {
    super("QuantizedLinear", [outFeatures, inFeatures], [inFeatures, outFeatures, jsonOptions(options)], options);
    checkOptions("QuantizedLinear", options, ownKeys);
  }

  protected products(x: Tensor): Tensor {
    return x.matmul(this.weight.transpose());
  }

  protected along(perOutput: Tensor): Tensor {
    return perOutput;
  }
}

type ConvOp = (x: Tensor, weight: Tensor, options: ConvOptions) => Tensor;

abstract class QuantizedConv extends QuantizedLayer {
  readonly kernelSize: Shape;
  protected readonly own = ({ ndim }: Tensor): readonly number[] => (ndim === this.rank + 2 ? [0] : []);

  constructor(where: string, private readonly op: ConvOp, private readonly rank: number, readonly inChannels: number, readonly outChannels: number, kernelSize: PerDim, readonly options: QuantizedConvOptions) {
    const sizes = perDim(where, "kernelSize", kernelSize, rank, 1);
    super(where, [outChannels, inChannels / (options.groups ?? 1), ...sizes], [inChannels, outChannels, kernelSize, jsonOptions(options)], options);
    checkOptions(where, options, [...ownKeys, "stride", "padding", "dilation", "groups", "paddingMode"]);
    this.kernelSize = sizes;
  }

  protected products(x: Tensor): Tensor {
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros" } = this.options;
    return this.op(x, this.weight, { stride, padding, dilation, groups, paddingMode });
  }

  protected along(perOutput: Tensor): Tensor {
    return perOutput.reshape([perOutput.size, ...this.kernelSize.map(() => 1)]);
  }
}

/** `Conv1d` in int8. Shapes: as `Conv1d`, float32; each sample has a range of its own unless inputs are "static". */
export class QuantizedConv1d extends QuantizedConv {
  static readonly type = "nn/QuantizedConv1d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: QuantizedConvOptions = {}) { super("QuantizedConv1d", conv1d, 1, inChannels, outChannels, kernelSize, options); }
}

/** `Conv2d` in int8. Shapes: as `Conv2d`, float32. */
export class QuantizedConv2d extends QuantizedConv {
  static readonly type = "nn/QuantizedConv2d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: QuantizedConvOptions = {}) { super("QuantizedConv2d", conv2d, 2, inChannels, outChannels, kernelSize, options); }
}

/** `Conv3d` in int8. Shapes: as `Conv3d`, float32. */
export class QuantizedConv3d extends QuantizedConv {
  static readonly type = "nn/QuantizedConv3d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: QuantizedConvOptions = {}) { super("QuantizedConv3d", conv3d, 3, inChannels, outChannels, kernelSize, options); }
}
