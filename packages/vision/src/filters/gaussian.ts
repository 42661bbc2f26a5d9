import { ValueError, checkOptions, checkPositive, checkWhole } from "@dl/registry";
import { tensor, type Tensor } from "@dl/tensor";
import { filter2d, type Filter2dOptions } from "./filter2d.js";

/** How a Gaussian kernel comes about, step by step. */
export interface GaussianSteps {
  /** Distances from the centre along one axis: −2, −1, 0, 1, 2 for size 5. */
  readonly grid: readonly number[];
  /** exp(−(x² + y²) / 2σ²) at every place, [size][size]. */
  readonly weights: readonly (readonly number[])[];
  /** The weights divided by their sum: they add up to 1. */
  readonly kernel: readonly (readonly number[])[];
}

function checkGaussian(where: string, size: number, sigma: number): void {
  checkWhole(where, "size", size, 1);
  if (size % 2 === 0) throw new ValueError(where, `size is ${size}`, "Give an odd number, so that there is a centre", { size });
  checkPositive(where, "sigma", sigma);
}

const gridOf = (size: number): number[] => Array.from({ length: size }, (_, i) => i - (size - 1) / 2);

/** One axis of the kernel: the kernel is its product with itself. */
function profile(size: number, sigma: number): number[] {
  const weights = gridOf(size).map((x) => Math.exp(-(x * x) / (2 * sigma * sigma)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The steps from a grid to a kernel. @throws ValueError unless size is odd and sigma positive */
export function gaussianSteps(size: number, sigma: number): GaussianSteps {
  checkGaussian("gaussianSteps", size, sigma);
  const grid = gridOf(size);
  const weights = grid.map((y) => grid.map((x) => Math.exp(-(x * x + y * y) / (2 * sigma * sigma))));
  const total = weights.flat().reduce((sum, weight) => sum + weight, 0);
  return { grid, weights, kernel: weights.map((row) => row.map((weight) => weight / total)) };
}

/** exp(−(x² + y²) / 2σ²), normalised to a sum of 1. Shape: [size, size]. @throws ValueError unless size is odd and sigma positive */
export const gaussianKernel = (size: number, sigma: number): Tensor => tensor(gaussianSteps(size, sigma).kernel.map((row) => [...row]));

export interface GaussianBlurOptions extends Pick<Filter2dOptions, "paddingMode"> {
  /** Odd. */
  readonly size: number;
  /** Spread in pixels. Default 0.3·((size − 1)/2 − 1) + 0.8, as in torchvision. */
  readonly sigma?: number;
}

/**
 * Smooths by a Gaussian: rows, then columns, which costs 2·size products per pixel in place of size².
 * Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @throws ValueError unless size is odd and sigma positive; what `filter2d` throws
 */
export function gaussianBlur(image: Tensor, options: GaussianBlurOptions): Tensor {
  checkOptions("gaussianBlur", options, ["size", "sigma", "paddingMode"]);
  const { size, sigma = 0.3 * ((size - 1) / 2 - 1) + 0.8, ...rest } = options;
  checkGaussian("gaussianBlur", size, sigma);
  const line = tensor(profile(size, sigma), { dtype: image.dtype });
  return filter2d(filter2d(image, line.unsqueeze(0), rest), line.unsqueeze(1), rest);
}
