import { ValueError, checkWhole } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { meanOf, pointsOf, tableLike } from "./points.js";
import { symmetricEigen } from "./symmetric-eigen.js";

export interface PrincipalComponents {
  /** The vectors as seen along the components, [N, dims]. */
  readonly points: Tensor;
  /** Directions of length 1, that of the largest variance first, [dims, D]. Their components of largest magnitude are positive. */
  readonly components: Tensor;
  /** What is subtracted first, [D]. */
  readonly mean: Tensor;
  /** The variance along each component, with N − 1 as divisor. */
  readonly variances: readonly number[];
  /** Each of them as a part of the whole variance; 0 where there is none. */
  readonly shares: readonly number[];
}

/** Σ (x − mean)(x − mean)ᵀ/(N − 1). */
function covariance(centered: readonly Float64Array[], dim: number): Float64Array[] {
  const matrix = Array.from({ length: dim }, () => new Float64Array(dim));
  for (const point of centered) {
    for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) matrix[i][j] += (point[i] * point[j]) / (centered.length - 1);
  }
  return matrix;
}

/**
 * Principal components: the few orthogonal directions along which vectors differ most, to draw them on a plane. They are the eigenvectors of the
 * covariance with the largest eigenvalues; the same vectors give the same picture.
 * Shapes: vectors [N, D] → points [N, dims]. (Pearson, 1901; Hotelling, 1933)
 * @throws ShapeError unless vectors are [N, D]; DTypeError; ValueError for fewer than two of them, ones that are not finite, or dims outside of 1 … D
 */
export function pca(vectors: Tensor, dims = 2): PrincipalComponents {
  const rows = pointsOf("pca", vectors);
  const dim = rows[0].length;
  checkWhole("pca", "dims", dims, 1);
  if (dims > dim) throw new ValueError("pca", `vectors of ${dim} numbers have no ${dims} components`, `Ask for ${dim} at most`, { dims, dim });
  if (rows.length < 2) throw new ValueError("pca", "there is one vector", "Give two or more: one does not vary", { count: rows.length });
  const mean = meanOf(rows, dim);
  const centered = rows.map((row) => row.map((value, d) => value - mean[d]));
  const pairs = symmetricEigen(covariance(centered, dim));
  const kept = pairs.slice(0, dims);
  const points = centered.map((row) => Float64Array.from(kept, ({ vector }) => row.reduce((sum, value, d) => sum + value * vector[d], 0)));
  const whole = pairs.reduce((sum, { value }) => sum + value, 0);
  return {
    points: tableLike(vectors, points, dims),
    components: tableLike(vectors, kept.map(({ vector }) => vector), dim),
    mean: tableLike(vectors, [mean], dim).squeeze(0),
    variances: kept.map(({ value }) => value),
    shares: kept.map(({ value }) => (whole > 0 ? value / whole : 0)),
  };
}
