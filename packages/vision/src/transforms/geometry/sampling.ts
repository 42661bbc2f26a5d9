import { ShapeError, checkChoice, checkNumber } from "@dl/registry";
import { cat, elementwise, gridSample, ones, selectExpr, tensor, type Tensor } from "@dl/tensor";

/** How pixels of a moved picture come about. */
export interface Sampling {
  /** "nearest" copies pixels, "bilinear" weighs the four around. */
  readonly interpolation?: "nearest" | "bilinear";
  /**
   * What lies outside of the picture: one number, or one per channel. Left out, pixels outside count as 0. Given, a pixel that lies half
   * outside becomes m·sampled + (1 − m)·fill, m the part within, as in torchvision: its border is a little darker than without a fill of 0.
   */
  readonly fill?: number | readonly number[];
}

export const samplingKeys = ["interpolation", "fill"] as const;

const filledNearest = /* @__PURE__ */ elementwise("filledNearest", (x, within, fill) => selectExpr(within.lt(0.5), fill, x));
const filledBilinear = /* @__PURE__ */ elementwise("filledBilinear", (x, within, fill) => x.sub(fill).mul(within).add(fill));

/** One number, or one per channel, as [1, C or 1, 1, 1] like the batch. @throws ShapeError for another count */
export function perChannel(where: string, name: string, value: number | readonly number[], { shape: [, channels], dtype, backend }: Tensor): Tensor {
  const values = typeof value === "number" ? [value] : value;
  if (values.length !== 1 && values.length !== channels) {
    const fact = `${name} has ${values.length} numbers for ${channels} channels`;
    throw new ShapeError(where, fact, "Give one number, or one per channel", { [name]: value, channels });
  }
  values.forEach((entry) => { checkNumber(where, name, entry); });
  return tensor([...values], { dtype, backend }).reshape([1, values.length, 1, 1]);
}

export function checkSampling(where: string, { interpolation = "nearest" }: Sampling): void {
  checkChoice(where, "interpolation", interpolation, ["nearest", "bilinear"]);
}

/** Reads pictures at a grid. Shapes: batch [N, C, H, W], grid [N, H′, W′, 2] → [N, C, H′, W′]. */
export function sampled(where: string, batch: Tensor, grid: Tensor, { interpolation = "nearest", fill }: Sampling): Tensor {
  checkSampling(where, { interpolation });
  if (fill === undefined) return gridSample(batch, grid, { mode: interpolation });
  const colour = perChannel(where, "fill", fill, batch);
  const { shape: [count, channels, height, width], dtype, backend } = batch;
  const inside = ones([count, 1, height, width], { dtype, backend });
  const both = gridSample(cat([batch, inside], 1), grid, { mode: interpolation });
  const fillIn = interpolation === "nearest" ? filledNearest : filledBilinear;
  return fillIn(both.slice(1, 0, channels), both.slice(1, channels), colour);
}

/** `sampled` for whole numbers that name classes: never mixed, and outside lies `fill`. Shapes: [N, M, H, W] → [N, M, H′, W′]. */
export const sampledMask = (where: string, mask: Tensor, grid: Tensor, fill: number): Tensor =>
  sampled(where, mask.to(grid.dtype), grid, { interpolation: "nearest", ...(fill !== 0 && { fill }) }).to(mask.dtype);
