// What all normalisations share: subtract a mean, divide by a deviation, scale and shift.
import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { elementwise } from "../../op/elementwise.js";
import { showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

export interface NormOptionsBase {
  /** Factor after the normalisation. */
  readonly weight?: Tensor | null;
  /** Offset after the normalisation. */
  readonly bias?: Tensor | null;
  /** Added to the variance, against division by zero. Default 1e-5. */
  readonly eps?: number;
}

export const baseKeys = ["weight", "bias", "eps"];

/** 1/√(variance + eps): few numbers, so that the root is not taken again for every element that they are spread over. */
export const inverseDeviation = (variance: Tensor, eps: number): Tensor => inverseRoot(variance, eps);
const inverseRoot = elementwise("inverseDeviation", (variance, eps) => variance.add(eps).rsqrt());
const centredAndScaled = elementwise("centredAndScaled", (x, mean, scale) => x.sub(mean).mul(scale));
const scaledAndShifted = elementwise("scaledAndShifted", (x, weight, bias) => x.mul(weight).add(bias));

export function checkNorm(where: string, x: Tensor, { eps = 1e-5 }: NormOptionsBase): void {
  if (!isFloat(x.dtype)) throw new DTypeError(where, `x is ${x.dtype}`, 'Convert it: x.to("float32")', { dtype: x.dtype });
  if (!(eps >= 0 && eps < Infinity)) throw new ValueError(where, `eps is ${eps}`, "Give a small number of 0 or more, such as 1e-5", { eps });
}

/** @throws ShapeError unless weight and bias, where given, have the shape */
export function checkAffine(where: string, { weight, bias }: NormOptionsBase, shape: Shape): void {
  for (const [name, value] of Object.entries({ weight, bias })) {
    if (value && showShape(value.shape) !== showShape(shape)) {
      throw new ShapeError(where, `${name} has shape ${showShape(value.shape)}, not ${showShape(shape)}`, "Give one number per normalised element or channel", { shape: value.shape });
    }
  }
}

/** y·weight + bias, where given; both broadcast against y under `shape`. */
export function affine(y: Tensor, { weight, bias }: NormOptionsBase, shape: Shape): Tensor {
  const [w, b] = [weight?.reshape(shape), bias?.reshape(shape)];
  if (w !== undefined && b !== undefined) return scaledAndShifted(y, w, b);
  const scaled = w === undefined ? y : y.mul(w);
  return b === undefined ? scaled : scaled.add(b);
}

/** x standardised by statistics that are given; both broadcast against x. */
export const standardizeBy = (x: Tensor, mean: Tensor, variance: Tensor, eps: number): Tensor => centredAndScaled(x, mean, inverseDeviation(variance, eps));

/** [1, C, 1, …]: numbers per channel, laid out against [N, C, ..]. */
export const alongChannels = (x: Tensor): number[] => x.shape.map((size, d) => (d === 1 ? size : 1));

/** @throws ShapeError unless x has a batch and a channel dim */
export function checkChannels(where: string, x: Tensor, least: number): void {
  if (x.ndim < least) throw new ShapeError(where, `x has shape ${showShape(x.shape)}`, least === 2 ? "Give [N, C] or [N, C, ..]" : "Give [N, C, ..] with at least one spatial dim", { shape: x.shape });
}
