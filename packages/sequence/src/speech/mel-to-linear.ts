import { ShapeError, checkOptions, checkWhole } from "@dl/registry";
import { full, maximum, showShape, type Tensor } from "@dl/tensor";

export interface MelToLinearOptions {
  /** Default 100. */
  readonly iterations?: number;
}

/** What is divided by stays above this. */
const least = 1e-8;

/**
 * Spectra whose mel bands are the given ones: X ≥ 0 with X·filters ≈ mel, by multiplicative updates X ← X·(mel·Fᵀ)/(X·F·Fᵀ), none of which makes it worse.
 * Shapes: mel [.., T, nMels] of nothing below 0 (not logarithms), filters [nFreqs, nMels] → [.., T, nFreqs]. (Lee & Seung, 2001)
 * @throws ShapeError for another number of bands; ValueError
 */
export function melToLinear(mel: Tensor, filters: Tensor, options: MelToLinearOptions = {}): Tensor {
  const where = "melToLinear";
  checkOptions(where, options, ["iterations"]);
  const { iterations = 100 } = options;
  checkWhole(where, "iterations", iterations);
  const [frequencies, bands] = filters.shape;
  if (filters.ndim !== 2 || mel.shape.at(-1) !== bands) {
    throw new ShapeError(where, `bands of shape ${showShape(mel.shape)} and filters ${showShape(filters.shape)} do not go together`, "Give [.., T, nMels] and the filters that made them", { shapes: [mel.shape, filters.shape] });
  }
  const back = filters.transpose();
  const wanted = mel.matmul(back);
  let found = full([...mel.shape.slice(0, -1), frequencies], 1, { dtype: mel.dtype, backend: mel.backend });
  for (let i = 0; i < iterations; i++) found = found.mul(wanted.div(maximum(found.matmul(filters).matmul(back), least)));
  return found;
}
