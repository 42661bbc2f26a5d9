/** Count, mean and scatter matrix Σ (x − mean)(x − mean)ᵀ of rows with `mean.length` features. */
export interface Moments {
  count: number;
  readonly mean: Float64Array;
  /** [features, features], row by row. */
  readonly scatter: Float64Array;
}

export const noMoments = (features: number): Moments => ({ count: 0, mean: new Float64Array(features), scatter: new Float64Array(features * features) });

/** Of rows [N, features]: two passes, the mean first, so that large means cost no digits. */
export function momentsOf(rows: ArrayLike<number>, features: number): Moments {
  const count = rows.length / features;
  const mean = new Float64Array(features);
  for (let i = 0; i < rows.length; i++) mean[i % features] += rows[i] / count;
  const scatter = new Float64Array(features * features);
  const centred = new Float64Array(features);
  for (let start = 0; start < rows.length; start += features) {
    for (let i = 0; i < features; i++) centred[i] = rows[start + i] - mean[i];
    addOuter(scatter, centred, 1);
  }
  return { count, mean, scatter };
}

/** matrix += factor · vector vectorᵀ */
function addOuter(matrix: Float64Array, vector: Float64Array, factor: number): void {
  const { length } = vector;
  for (let i = 0; i < length; i++) for (let j = 0; j < length; j++) matrix[i * length + j] += factor * vector[i] * vector[j];
}

/** Makes `into` the moments of both (Chan, Golub & LeVeque 1979). */
export function addMoments(into: Moments, from: Moments): void {
  if (from.count === 0) return;
  const count = into.count + from.count;
  const apart = from.mean.map((value, i) => value - into.mean[i]);
  const factor = (into.count * from.count) / count;
  const share = from.count / count;
  from.scatter.forEach((value, i) => (into.scatter[i] += value));
  addOuter(into.scatter, apart, factor);
  apart.forEach((value, i) => (into.mean[i] += value * share));
  into.count = count;
}
