import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { build } from "../../create.js";
import type { TensorOptions } from "../../create.js";
import type { Tensor } from "../../tensor.js";

export interface WindowFunctionOptions extends TensorOptions {
  /** One period of a periodic function, as spectra need it (default); false gives a symmetric window, as filters do. */
  readonly periodic?: boolean;
}

export interface HammingOptions extends WindowFunctionOptions {
  /** Default 0.54. */
  readonly alpha?: number;
  /** Default 0.46. */
  readonly beta?: number;
}

export interface KaiserOptions extends WindowFunctionOptions {
  /** The larger, the lower the side lobes and the wider the main one. Default 12. */
  readonly beta?: number;
}

export interface GaussianOptions extends WindowFunctionOptions {
  /** Standard deviation, in samples. Default 1. */
  readonly std?: number;
}

/**
 * A window whose values are `valueOf(k, end)`, where k runs from 0 and `end` is the last position of the symmetric window that
 * this one is, or begins: length − 1, or length where periodic.
 */
function windowOf(where: string, length: number, { periodic = true, ...rest }: WindowFunctionOptions, valueOf: (k: number, end: number) => number): Tensor {
  checkOptions(where, rest, ["dtype", "requiresGrad", "backend"]);
  checkWhole(where, "length", length);
  const end = periodic ? length : length - 1;
  return build(where, [length], rest, (data) => { for (let k = 0; k < length; k++) data[k] = length === 1 ? 1 : valueOf(k, end); });
}

/** a₀ − a₁·cos(2πk/end) + a₂·cos(4πk/end). */
const cosines = (a0: number, a1: number, a2 = 0) => (k: number, end: number): number =>
  a0 - a1 * Math.cos((2 * Math.PI * k) / end) + a2 * Math.cos((4 * Math.PI * k) / end);

/** ½ − ½·cos(2πk/length), 0 at the start. Shape: [length]. (von Hann) */
export const hannWindow = (length: number, options: WindowFunctionOptions = {}): Tensor => windowOf("hannWindow", length, options, cosines(0.5, 0.5));

/** alpha − beta·cos(2πk/length). Shape: [length]. (Hamming) */
export const hammingWindow = (length: number, { alpha = 0.54, beta = 0.46, ...options }: HammingOptions = {}): Tensor =>
  windowOf("hammingWindow", length, options, cosines(alpha, beta));

/** 0.42 − 0.5·cos(2πk/length) + 0.08·cos(4πk/length). Shape: [length]. (Blackman) */
export const blackmanWindow = (length: number, options: WindowFunctionOptions = {}): Tensor =>
  windowOf("blackmanWindow", length, options, cosines(0.42, 0.5, 0.08));

/** 1 − |2k/length − 1|, a triangle. Shape: [length]. (Bartlett, 1950) */
export const bartlettWindow = (length: number, options: WindowFunctionOptions = {}): Tensor =>
  windowOf("bartlettWindow", length, options, (k, end) => 1 - Math.abs((2 * k) / end - 1));

/** The modified Bessel function I₀(x) = Σ ((x/2)ᵐ/m!)², whose terms are all positive: nothing cancels. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let m = 1; term > sum * 1e-17; m++) {
    term *= (x / (2 * m)) ** 2;
    sum += term;
  }
  return sum;
}

/** I₀(beta·√(1 − (2k/length − 1)²))/I₀(beta). Shape: [length]. (Kaiser & Schafer, 1980) @throws ValueError unless 0 ≤ beta ≤ 700 */
export function kaiserWindow(length: number, { beta = 12, ...options }: KaiserOptions = {}): Tensor {
  if (!(beta >= 0 && beta <= 700)) throw new ValueError("kaiserWindow", `beta is ${beta}`, "Give a number from 0 to 700", { beta });
  const top = besselI0(beta);
  return windowOf("kaiserWindow", length, options, (k, end) => besselI0(beta * Math.sqrt(Math.max(0, 1 - ((2 * k) / end - 1) ** 2))) / top);
}

/** sin(π(k + ½)/(length + 1)), half a wave; of length samples where not periodic. Shape: [length]. */
export const cosineWindow = (length: number, options: WindowFunctionOptions = {}): Tensor =>
  windowOf("cosineWindow", length, options, (k, end) => Math.sin((Math.PI * (k + 0.5)) / (end + 1)));

/** exp(−½((k − length/2)/std)²). Shape: [length]. @throws ValueError unless std > 0 */
export function gaussianWindow(length: number, { std = 1, ...options }: GaussianOptions = {}): Tensor {
  if (!(std > 0)) throw new ValueError("gaussianWindow", `std is ${std}`, "Give a number above 0", { std });
  return windowOf("gaussianWindow", length, options, (k, end) => Math.exp(-(((k - end / 2) / std) ** 2) / 2));
}
