import { ShapeError, ValueError, checkOptions, checkWhole } from "@dl/registry";

/** Sizes of a convolution or a pool along one axis. */
export interface WindowGeometry {
  /** Of the input. */
  readonly input: number;
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** On each side. Default 0. */
  readonly padding?: number;
  /** Default 1. */
  readonly dilation?: number;
}

/** What padding solves an equation, and whether layers can do it. */
export interface PaddingSolution {
  /** On each side; not whole where both sides together need an odd number. */
  readonly padding: number;
  /** The same as whole pixels: the smaller part before, as in "same". */
  readonly before: number;
  readonly after: number;
  /** What to write in a layer. */
  readonly advice: string;
}

const KEYS: readonly (keyof WindowGeometry)[] = ["input", "kernel", "stride", "padding", "dilation"];

function checkWindow(where: string, { input, kernel, stride = 1, dilation = 1 }: Omit<WindowGeometry, "padding">): void {
  for (const [name, value] of Object.entries({ input, kernel, stride, dilation })) checkWhole(where, name, value, 1);
}

/**
 * ⌊(input + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.
 * @throws ValueError for sizes that are not whole, half a pixel of padding among them; ShapeError when the kernel is larger than the padded input
 */
export function convOutputSize(geometry: WindowGeometry): number {
  const where = "convOutputSize";
  checkOptions(where, geometry, KEYS);
  const { input, kernel, stride = 1, padding = 0, dilation = 1 } = geometry;
  checkWindow(where, geometry);
  if (!Number.isInteger(padding) || padding < 0) {
    const fix = padding > 0 ? 'A layer pads whole pixels: padding "same" puts the odd one behind' : "Give a whole number from 0";
    throw new ValueError(where, `padding is ${padding}`, fix, { padding });
  }
  const reach = dilation * (kernel - 1) + 1;
  if (reach > input + 2 * padding) throw new ShapeError(where, `the kernel reaches over ${reach}, the padded input over ${input + 2 * padding}`, "Pad more, or use a smaller kernel or dilation", { reach });
  return Math.floor((input + 2 * padding - reach) / stride) + 1;
}

/**
 * The padding on each side with which the output is as large as the input, at stride 1: p = dilation·(kernel − 1) / 2. Even kernels need half a pixel.
 * @throws ValueError for sizes that are not whole
 */
export function solvePadding({ kernel, dilation = 1 }: Pick<WindowGeometry, "kernel" | "dilation">): PaddingSolution {
  checkWindow("solvePadding", { input: 1, kernel, dilation });
  const total = dilation * (kernel - 1);
  const before = Math.floor(total / 2);
  const advice = total % 2 === 0 ? `padding: ${before}, or "same"` : `padding: "same", which pads ${before} before and ${total - before} behind: half a pixel cannot be padded`;
  return { padding: total / 2, before, after: total - before, advice };
}
