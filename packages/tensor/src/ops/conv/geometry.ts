// Sizes of everything that slides a window: convolutions, pools, patches.
import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";

/** What is added before the first element of a dim, and after its last one. */
export type Pair = readonly [before: number, after: number];

/**
 * Padding of the spatial dims: one number for all sides, one per dim, a pair per dim, "valid" (none), or "same" (the output has the
 * input's size; where that takes an odd number, the extra one comes after).
 */
export type Padding = number | "same" | "valid" | readonly (number | Pair)[];

/** One number for all spatial dims, or one per dim. */
export type PerDim = number | readonly number[];

export interface WindowOptions {
  /** Distance between neighbouring windows. Default 1. */
  readonly stride?: PerDim;
  /** Default 0. */
  readonly padding?: Padding;
  /** Distance between neighbouring elements of a window. Default 1. */
  readonly dilation?: PerDim;
}

/** Windows over the spatial dims, one entry per dim in every list. */
export interface Windows {
  readonly kernel: Shape;
  readonly stride: Shape;
  readonly dilation: Shape;
  readonly padding: readonly Pair[];
}

/** @throws ValueError unless `value` is one whole number ≥ `least`, or one per dim */
export function perDim(where: string, name: string, value: PerDim, rank: number, least: number): number[] {
  const list = typeof value === "number" ? new Array<number>(rank).fill(value) : [...value];
  if (list.length !== rank) throw new ValueError(where, `${name} is [${list.join(", ")}] for ${rank} spatial dims`, "Give one number, or one per dim", { [name]: value });
  for (const n of list) {
    if (!Number.isSafeInteger(n) || n < least) throw new ValueError(where, `${name} is ${String(n)}`, `Give whole numbers of at least ${least}`, { [name]: value });
  }
  return list;
}

/** How far a window reaches: dilation·(kernel − 1) + 1. */
export const extentOf = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;

const puzzle =
  'A window of even size cannot lie in the middle: half a row on each side is no padding. Use padding: "same", which adds the odd row after, or a pair such as [[0, 1]]';

function checkPadding(where: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  const fraction = typeof value === "number" && value > 0;
  throw new ValueError(where, `padding is ${String(value)}`, fraction ? puzzle : 'Give whole numbers of 0 or more, pairs of them, "same" or "valid"', { padding: value });
}

function pairOf(where: string, entry: number | Pair): Pair {
  if (typeof entry === "number") return [checkPadding(where, entry), entry];
  const given: unknown = entry;
  if (!Array.isArray(given) || given.length !== 2) throw new ValueError(where, `padding holds ${String(entry)}`, "Give a number or [before, after] per dim");
  return [checkPadding(where, entry[0]), checkPadding(where, entry[1])];
}

/** The rows that keep a dim's size at stride 1: dilation·(kernel − 1) in all, the odd one after. */
function samePair(where: string, kernel: number, dilation: number, stride: number): Pair {
  if (stride !== 1) throw new ValueError(where, `padding "same" with stride ${stride}`, 'With a stride the output is smaller anyway: give numbers, or "valid"', { stride });
  const total = extentOf(kernel, dilation) - 1;
  return [total >> 1, total - (total >> 1)];
}

function paddingPairs(where: string, padding: Padding, kernel: Shape, dilation: Shape, stride: Shape): Pair[] {
  if (padding === "valid") return kernel.map((): Pair => [0, 0]);
  if (padding === "same") return kernel.map((k, d) => samePair(where, k, dilation[d], stride[d]));
  if (typeof padding === "string") throw new ValueError(where, `padding is "${String(padding)}"`, 'Use "same", "valid" or numbers', { padding });
  if (!Array.isArray(padding)) return kernel.map(() => pairOf(where, padding as number));
  if (padding.length !== kernel.length) {
    throw new ValueError(where, `padding has ${padding.length} entries for ${kernel.length} spatial dims`, "Give one number, or an entry per dim", { padding });
  }
  return padding.map((entry: number | Pair) => pairOf(where, entry));
}

/** Options as a user gives them, checked and spelled out per dim. */
export function windowsOf(where: string, kernel: Shape, { stride = 1, padding = 0, dilation = 1 }: WindowOptions): Windows {
  const rank = kernel.length;
  const strides = perDim(where, "stride", stride, rank, 1);
  const dilations = perDim(where, "dilation", dilation, rank, 1);
  return { kernel, stride: strides, dilation: dilations, padding: paddingPairs(where, padding, kernel, dilations, strides) };
}

/** ⌊(size + padding − extent)/stride⌋ + 1 for each spatial dim. @throws ShapeError when a window does not fit */
export function outputSizes(where: string, sizes: Shape, { kernel, stride, dilation, padding }: Windows): number[] {
  return sizes.map((size, d) => {
    const [before, after] = padding[d];
    const room = size + before + after - extentOf(kernel[d], dilation[d]);
    if (room < 0) {
      const dilated = dilation[d] === 1 ? "" : ` and dilation ${dilation[d]}`;
      const pads = before === after ? String(before) : `${before} and ${after}`;
      throw new ShapeError(
        where,
        `kernel ${kernel[d]} does not fit input ${size} with padding ${pads}${dilated}`,
        "Use a smaller kernel or more padding",
        { sizes, kernel, padding, dilation },
      );
    }
    return Math.floor(room / stride[d]) + 1;
  });
}

/** Splits a shape into batch, channels and spatial sizes; a missing batch dim is reported, as in PyTorch. @throws ShapeError */
export function spatialShape(where: string, shape: Shape, rank: number): { readonly batched: boolean; readonly sizes: Shape } {
  if (shape.length !== rank + 2 && shape.length !== rank + 1) {
    const dims = ["L", "H, W", "D, H, W"][rank - 1];
    throw new ShapeError(where, `x has shape ${showShape(shape)}`, `Give [N, C, ${dims}] or [C, ${dims}]`, { shape });
  }
  return { batched: shape.length === rank + 2, sizes: shape.slice(-rank) };
}

/**
 * The size that a convolution or pool gives: ⌊(size + 2·padding − dilation·(kernelSize − 1) − 1)/stride⌋ + 1.
 *
 * @example convOutputSize(28, 5, { padding: 2 }) // 28
 * @throws ShapeError when the kernel does not fit; ValueError for padding 0.5 and the like
 */
export function convOutputSize(size: number, kernelSize: number, options: WindowOptions = {}): number {
  checkOptions("convOutputSize", options, ["stride", "padding", "dilation"]);
  const kernel = perDim("convOutputSize", "kernelSize", kernelSize, 1, 1);
  return outputSizes("convOutputSize", [size], windowsOf("convOutputSize", kernel, options))[0];
}

export interface SolvePaddingOptions {
  readonly kernelSize: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default 1. */
  readonly dilation?: number;
  /** Size of the input; needed with a stride above 1. */
  readonly size?: number;
  /** Size wanted of the output. Default: the input's. */
  readonly outputSize?: number;
}

/**
 * The padding on each side with which the formula of `convOutputSize` gives `outputSize`, by default the input's size; it may come
 * out as a fraction, for which `advice` says what to do.
 */
export function solvePadding(options: SolvePaddingOptions): { readonly padding: number; readonly advice: string } {
  checkOptions("solvePadding", options, ["kernelSize", "stride", "dilation", "size", "outputSize"]);
  const { kernelSize, stride = 1, dilation = 1, size, outputSize = size } = options;
  if (size === undefined && stride !== 1) throw new ValueError("solvePadding", `the stride is ${stride}, and no size is given`, "Give the size of the input");
  // With stride 1 the sizes cancel: any pair of equal ones will do.
  const [input, output] = [size ?? kernelSize, outputSize ?? kernelSize];
  const padding = ((output - 1) * stride + extentOf(kernelSize, dilation) - input) / 2;
  if (Number.isInteger(padding) && padding >= 0) return { padding, advice: `Use padding: ${padding}` };
  return { padding, advice: padding < 0 ? "Crop the input: no padding makes the output that small" : puzzle };
}
