import { GroupNorm, init, ReLU, Sequential, type TensorModule } from "@dl/nn";
import type { Generator } from "@dl/tensor";
import { layersFor, type SpatialDims } from "./dims.js";

/** What stands between a convolution and its ReLU; "group" has up to 8 groups of channels. */
export type NormName = "none" | "batch" | "instance" | "group";

export const normNames: readonly NormName[] = ["none", "batch", "instance", "group"];

const MOST_GROUPS = 8;

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

function normOf(norm: NormName, dims: SpatialDims, channels: number): TensorModule[] {
  const { BatchNorm, InstanceNorm } = layersFor[dims];
  if (norm === "batch") return [new BatchNorm(channels)];
  if (norm === "instance") return [new InstanceNorm(channels, { affine: true })];
  return norm === "group" ? [new GroupNorm(commonDivisor(channels, MOST_GROUPS), channels)] : [];
}

export interface ConvStyle {
  readonly dims: SpatialDims;
  readonly norm: NormName;
  readonly generator?: Generator;
}

interface KernelOptions {
  /** Default 1. */
  readonly kernel?: number;
  readonly stride?: number;
  readonly bias?: boolean;
}

/** A convolution that keeps the size (but for its stride), with weights from N(0, 2/fanIn) and offsets 0. (He et al., 2015) */
export function convOf({ dims, generator }: ConvStyle, inChannels: number, channels: number, options: KernelOptions = {}): TensorModule {
  const { kernel = 1, stride = 1, bias = true } = options;
  const { Conv } = layersFor[dims];
  const conv = new Conv(inChannels, channels, kernel, { stride, padding: (kernel - 1) / 2, bias, generator });
  init.kaimingNormal(conv.weight, { nonlinearity: "relu", generator });
  if (conv.bias !== null) init.zeros(conv.bias);
  return conv;
}

/** A transposed convolution that doubles every size, each value of it from one place of the input: weights from N(0, 1/inChannels), offsets 0. */
export function doublingConv({ dims, generator }: ConvStyle, inChannels: number, channels: number): TensorModule {
  const { ConvTranspose } = layersFor[dims];
  const conv = new ConvTranspose(inChannels, channels, 2, { stride: 2, generator });
  init.normal(conv.weight, 0, 1 / Math.sqrt(inChannels), { generator });
  if (conv.bias !== null) init.zeros(conv.bias);
  return conv;
}

/**
 * Convolutions of 3 × 3 (× 3), each with a norm, whose offset takes the place of its own, and a ReLU.
 * @param channels what goes in, and what comes out of each
 */
export function convBlock(style: ConvStyle, channels: readonly number[], stride = 1): Sequential {
  const layers = channels.slice(1).flatMap((count, i) => [
    convOf(style, channels[i], count, { kernel: 3, stride, bias: style.norm === "none" }),
    ...normOf(style.norm, style.dims, count),
    new ReLU(),
  ]);
  return new Sequential(...layers);
}
