import { DTypeError, ShapeError, checkOptions, checkWhole, unknownName } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { pad } from "../pad.js";
import { convolve } from "./convolve.js";
import { outputSizes, spatialShape, windowsOf } from "./geometry.js";
import type { WindowOptions, Windows } from "./geometry.js";

/** What stands beyond the edge: zeros, a mirror image, the edge itself, or the other side. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

export interface ConvOptions extends WindowOptions {
  /** Added to every output channel, [O]. */
  readonly bias?: Tensor | null;
  /** Channels are split into this many groups that do not see each other; as many as channels makes it depthwise. Default 1. */
  readonly groups?: number;
  /** Default "zeros". */
  readonly paddingMode?: PaddingMode;
}

type Conv = Op<[x: Tensor, weight: Tensor, options?: ConvOptions]>;

export function checkGroups(where: string, groups: number, counts: Readonly<Record<string, number>>): void {
  checkWhole(where, "groups", groups, 1);
  for (const [name, count] of Object.entries(counts)) {
    if (count % groups !== 0) throw new ShapeError(where, `groups ${groups} do not divide ${count} ${name}`, `Use a divisor of ${count}`, { groups, [name]: count });
  }
}

export function checkConvDTypes(where: string, x: Tensor, weight: Tensor): void {
  if (!isFloat(x.dtype) || weight.dtype !== x.dtype) {
    throw new DTypeError(where, `x is ${x.dtype} and the weight ${weight.dtype}`, 'Convert with x.to("float32"), so that both are one float type', { dtypes: [x.dtype, weight.dtype] });
  }
}

export function checkBias(where: string, bias: Tensor, channels: number): void {
  if (bias.ndim !== 1 || bias.shape[0] !== channels) {
    throw new ShapeError(where, `bias has shape ${showShape(bias.shape)} for ${channels} output channels`, `Give one number per channel, [${channels}]`, { shape: bias.shape });
  }
}

/** y + bias along the channels of [N, O, ..]. */
export const addBias = (y: Tensor, bias: Tensor | null | undefined): Tensor =>
  bias === null || bias === undefined ? y : y.add(bias.reshape([bias.size, ...y.shape.slice(2).map(() => 1)]));

/** @throws ShapeError unless the weight is [O, C/groups, ...K] for x's C channels */
function checkWeight(where: string, x: Shape, weight: Shape, rank: number, groups: number): void {
  const channels = x[x.length - rank - 1];
  if (weight.length !== rank + 2) {
    throw new ShapeError(where, `the weight has shape ${showShape(weight)}`, `Give [O, C/groups, ${["K", "KH, KW", "KD, KH, KW"][rank - 1]}]`, { shape: weight });
  }
  checkGroups(where, groups, { "input channels": channels, "output channels": weight[0] });
  if (weight[1] * groups !== channels) {
    throw new ShapeError(
      where,
      `x of shape ${showShape(x)} has ${channels} channels, the weight of shape ${showShape(weight)} takes ${weight[1] * groups}`,
      groups === 1 ? `Give a weight of shape ${showShape(weight.with(1, channels))}` : `With groups ${groups} it needs ${showShape(weight.with(1, channels / groups))}`,
      { shapes: [x, weight], groups },
    );
  }
}

const modes = ["zeros", "reflect", "replicate", "circular"];

/** Pads by one of the modes that zeros cannot stand for, and says what is left to pad. */
function padBy(where: string, x: Tensor, windows: Windows, mode: PaddingMode): [Tensor, Windows] {
  if (!modes.includes(mode)) throw unknownName(where, "paddingMode", mode, modes);
  if (mode === "zeros" || windows.padding.every(([before, after]) => before + after === 0)) return [x, windows];
  return [pad(x, windows.padding.toReversed().flat(), { mode }), { ...windows, padding: windows.padding.map(() => [0, 0]) }];
}

/* @__NO_SIDE_EFFECTS__ */
function defineConv(name: string, rank: number): Conv {
  return defineComposite(name, (x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor => {
    checkOptions(name, options, ["stride", "padding", "dilation", "groups", "paddingMode", "bias"]);
    const { bias, groups = 1, paddingMode = "zeros" } = options;
    const { batched } = spatialShape(name, x.shape, rank);
    if (x.dtype !== "int8" || weight.dtype !== "int8") checkConvDTypes(name, x, weight);
    checkWeight(name, x.shape, weight.shape, rank, groups);
    if (bias) checkBias(name, bias, weight.shape[0]);
    const batch = batched ? x : x.unsqueeze(0);
    const [input, windows] = padBy(name, batch, windowsOf(name, weight.shape.slice(2), options), paddingMode);
    const out = outputSizes(name, input.shape.slice(2), windows);
    const y = addBias(convolve(input, weight, { ...windows, groups, out }), bias);
    return batched ? y : y.squeeze(0);
  });
}

/**
 * Cross-correlation over one dim: out[n, o, i] = bias[o] + Σ x[n, c, i·stride + k·dilation − padding]·weight[o, c, k].
 * Shapes: x [N, C, L] or [C, L], weight [O, C/groups, K] → [N, O, L′] or [O, L′] with L′ of `convOutputSize`.
 * int8 with an int8 weight gives int32, which is exact below 2³¹.
 * Stride, padding (numbers, pairs, "same", "valid"; four modes), dilation and groups go together in any way.
 * @throws ShapeError, ValueError, DTypeError
 */
export const conv1d: Conv = defineConv("conv1d", 1);
/** Cross-correlation over two dims; see `conv1d`. Shapes: x [N, C, H, W], weight [O, C/groups, KH, KW] → [N, O, H′, W′]. */
export const conv2d: Conv = defineConv("conv2d", 2);
/** Cross-correlation over three dims; see `conv1d`. Shapes: x [N, C, D, H, W], weight [O, C/groups, KD, KH, KW] → [N, O, D′, H′, W′]. */
export const conv3d: Conv = defineConv("conv3d", 3);
