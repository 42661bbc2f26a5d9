import { checkOptions, checkWhole } from "@dl/registry";
import { checkFinite, rowCount } from "../common/checks.js";

export interface FeatureOptions {
  /** How many numbers describe one sample: D of [N, D]. */
  readonly features: number;
}

export function checkFeatureOptions(where: string, options: FeatureOptions, known: readonly string[] = []): void {
  checkOptions(where, options, ["features", ...known]);
  checkWhole(where, "features", options.features, 1);
}

/**
 * @throws ShapeError when values do not divide into rows
 * @throws ValueError for a value that is not finite
 */
export function checkSamples(where: string, name: string, samples: ArrayLike<number>, features: number): void {
  rowCount(where, `values of ${name}`, samples, features);
  checkFinite(where, `value of ${name}`, samples);
}
