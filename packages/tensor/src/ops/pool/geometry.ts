import { ValueError, checkOptions } from "@dl/registry";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { extentOf, outputSizes, perDim, spatialShape, windowsOf } from "../conv/geometry.js";
import type { Pair, Padding, PerDim, Windows } from "../conv/geometry.js";

export interface PoolOptions {
  /** Distance between windows. Default: the kernel's size, so that windows touch. */
  readonly stride?: PerDim;
  /** Default 0; at most half of the kernel. */
  readonly padding?: Padding;
  /** Round the output's size up, with a last window that hangs over the edge. Default false. */
  readonly ceilMode?: boolean;
}

export interface MaxPoolOptions extends PoolOptions {
  /** Default 1. */
  readonly dilation?: PerDim;
}

/** Where the windows of one pooling lie. `padding` includes what ceilMode adds after the end. */
export interface Pooling extends Windows {
  readonly sizes: Shape;
  readonly out: Shape;
  /** As the user said it, without what ceilMode adds. */
  readonly asked: readonly Pair[];
}

/** One more window where the last one would leave elements out; it must begin inside of the input or of the padding before it. */
function withOverhang(sizes: Shape, out: readonly number[], { kernel, stride, dilation, padding }: Windows): Pair[] {
  return padding.map(([before, after], d): Pair => {
    const used = (out[d] - 1) * stride[d] + extentOf(kernel[d], dilation[d]);
    const length = before + sizes[d] + after;
    const next = out[d] * stride[d];
    return used < length && next < sizes[d] + before ? [before, next + extentOf(kernel[d], dilation[d]) - before - sizes[d]] : [before, after];
  });
}

/** Checks a pooling's options against x. */
export function poolingOf(where: string, x: Tensor, kernelSize: PerDim, rank: number, options: MaxPoolOptions): { pooling: Pooling; batched: boolean } {
  const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = options;
  const { batched, sizes } = spatialShape(where, x.shape, rank);
  const windows = windowsOf(where, perDim(where, "kernelSize", kernelSize, rank, 1), { stride, padding, dilation });
  windows.padding.forEach(([before, after], d) => {
    const most = extentOf(windows.kernel[d], windows.dilation[d]) / 2;
    if (Math.max(before, after) > most) {
      throw new ValueError(where, `padding ${Math.max(before, after)} is more than half of kernel ${windows.kernel[d]}`, "Use less: a window must not lie in the padding alone");
    }
  });
  const out = outputSizes(where, sizes, windows);
  if (!ceilMode) return { pooling: { ...windows, sizes, out, asked: windows.padding }, batched };
  const wider = { ...windows, padding: withOverhang(sizes, out, windows) };
  return { pooling: { ...wider, sizes, out: outputSizes(where, sizes, wider), asked: windows.padding }, batched };
}

/** Whether every window has an element that is no padding; taps far apart may all miss. */
export const haveElements = ({ sizes, out, kernel, stride, dilation, padding }: Pooling): boolean =>
  sizes.every((size, d) => {
    const begins = Array.from({ length: out[d] }, (_, i) => i * stride[d] - padding[d][0]);
    return begins.every((begin) => begin < size && begin + Math.max(0, Math.ceil(-begin / dilation[d])) * dilation[d] < Math.min(size, begin + extentOf(kernel[d], dilation[d])));
  });

export const poolKeys = ["stride", "padding", "ceilMode"];

export const checkPool = (where: string, options: object, extra: readonly string[] = []): void => { checkOptions(where, options, [...poolKeys, ...extra]); };

/** Runs `pool` on a batch, adding and removing the batch dim of a single sample. */
export function batchwise(x: Tensor, batched: boolean, pool: (x: Tensor) => Tensor): Tensor {
  return batched ? pool(x) : pool(x.unsqueeze(0)).squeeze(0);
}
