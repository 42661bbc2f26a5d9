import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { addBias, checkBias, checkConvDTypes, checkGroups } from "./conv.js";
import { convolveInput } from "./convolve.js";
import { extentOf, perDim, spatialShape, windowsOf } from "./geometry.js";
import type { PerDim, WindowOptions, Windows } from "./geometry.js";

export interface ConvTransposeOptions extends WindowOptions {
  /** Added to every output channel, [O]. */
  readonly bias?: Tensor | null;
  /** Default 1. */
  readonly groups?: number;
  /** Rows added at the end, to choose between the sizes that the same convolution would shrink to x's. Default 0. */
  readonly outputPadding?: PerDim;
}

type ConvTranspose = Op<[x: Tensor, weight: Tensor, options?: ConvTransposeOptions]>;

function outputSizes(where: string, sizes: Shape, { kernel, stride, dilation, padding }: Windows, outputPadding: readonly number[]): number[] {
  return sizes.map((size, d) => {
    if (outputPadding[d] >= Math.max(stride[d], dilation[d])) {
      throw new ValueError(where, `outputPadding ${outputPadding[d]} is not below stride ${stride[d]} or dilation ${dilation[d]}`, "Use a smaller one: it only chooses between sizes that the stride rounds away");
    }
    const [before, after] = padding[d];
    const length = (size - 1) * stride[d] - before - after + extentOf(kernel[d], dilation[d]) + outputPadding[d];
    if (length < 1) throw new ShapeError(where, `input ${size} with padding ${before} and ${after} leaves ${length} elements`, "Use less padding", { sizes, padding });
    return length;
  });
}

/* @__NO_SIDE_EFFECTS__ */
function defineConvTranspose(name: string, rank: number): ConvTranspose {
  return defineComposite(name, (x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor => {
    checkOptions(name, options, ["stride", "padding", "dilation", "groups", "outputPadding", "bias"]);
    const { bias, groups = 1, outputPadding = 0 } = options;
    const { batched, sizes } = spatialShape(name, x.shape, rank);
    checkConvDTypes(name, x, weight);
    const channels = x.shape[x.ndim - rank - 1];
    if (weight.ndim !== rank + 2 || weight.shape[0] !== channels) {
      throw new ShapeError(name, `x of shape ${showShape(x.shape)} and a weight of shape ${showShape(weight.shape)} do not fit`, `Give a weight [${channels}, O/groups, …kernel]`, {
        shapes: [x.shape, weight.shape],
      });
    }
    checkGroups(name, groups, { "input channels": channels });
    if (bias) checkBias(name, bias, weight.shape[1] * groups);
    const windows = windowsOf(name, weight.shape.slice(2), options);
    const wanted = outputSizes(name, sizes, windows, perDim(name, "outputPadding", outputPadding, rank, 0));
    const y = addBias(convolveInput(batched ? x : x.unsqueeze(0), weight, wanted, { ...windows, groups, out: sizes }), bias);
    return batched ? y : y.squeeze(0);
  });
}

/**
 * The transposed convolution, which is `conv1d`'s gradient: every element of x is spread over a window of the output.
 * Shapes: x [N, C, L] or [C, L], weight [C, O/groups, K] → [N, O, (L − 1)·stride − 2·padding + dilation·(K − 1) + outputPadding + 1].
 * @throws ShapeError, ValueError, DTypeError
 */
export const convTranspose1d: ConvTranspose = defineConvTranspose("convTranspose1d", 1);
/** The transposed convolution over two dims; see `convTranspose1d`. Shapes: x [N, C, H, W], weight [C, O/groups, KH, KW] → [N, O, H′, W′]. */
export const convTranspose2d: ConvTranspose = defineConvTranspose("convTranspose2d", 2);
/** The transposed convolution over three dims; see `convTranspose1d`. Shapes: x [N, C, D, H, W], weight [C, O/groups, KD, KH, KW] → [N, O, D′, H′, W′]. */
export const convTranspose3d: ConvTranspose = defineConvTranspose("convTranspose3d", 3);
