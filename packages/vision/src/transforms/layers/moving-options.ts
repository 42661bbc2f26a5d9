import type { TransformOptions } from "../base/transform.js";
import { samplingKeys, type Sampling } from "../geometry/sampling.js";

/** What transforms have in common that move pixels. */
export interface MovingOptions extends TransformOptions, Sampling {
  /** What masks hold beyond the picture. Default 0. */
  readonly maskFill?: number;
}

export const movingKeys = [...samplingKeys, "maskFill"] as const;

/** Those of them that say how pixels are read, `interpolation` where nothing was said. */
export const readingOf = ({ interpolation, fill, maskFill }: MovingOptions, usual: "nearest" | "bilinear"): Omit<MovingOptions, "generator"> => ({
  interpolation: interpolation ?? usual,
  ...(fill !== undefined && { fill }),
  ...(maskFill !== undefined && { maskFill }),
});
