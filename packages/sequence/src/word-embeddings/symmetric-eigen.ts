/** An eigenvector of length 1, and its eigenvalue. */
export interface Eigenpair {
  readonly value: number;
  readonly vector: Float64Array;
}

/** Rounds over all pairs; a handful is enough, for the error falls quadratically. */
const MAX_SWEEPS = 60;

/** What is left off the diagonal counts as 0 below this share of the whole. */
const TOLERANCE = 1e-30;

/** x ↦ c·x − s·y, y ↦ s·x + c·y. */
function turn(rows: readonly Float64Array[], c: number, s: number, at: (row: number) => readonly [number, number, number, number]): void {
  for (let k = 0; k < rows.length; k++) {
    const [i, p, j, q] = at(k);
    const [x, y] = [rows[i][p], rows[j][q]];
    rows[i][p] = c * x - s * y;
    rows[j][q] = s * x + c * y;
  }
}

/** Turns the plane of p and q so that a[p][q] becomes 0. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const cotangent = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  // tan of the smaller of both possible angles.
  const t = (cotangent < 0 ? -1 : 1) / (Math.abs(cotangent) + Math.hypot(1, cotangent));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  turn(a, c, s, (k) => [k, p, k, q]);
  turn(a, c, s, (k) => [p, k, q, k]);
  turn(vectors, c, s, (k) => [k, p, k, q]);
}

const squares = (a: readonly Float64Array[], counts: (i: number, j: number) => boolean): number =>
  a.reduce((sum, row, i) => row.reduce((own, value, j) => (counts(i, j) ? own + value * value : own), sum), 0);

/**
 * Eigenvalues of a symmetric matrix, the largest first, with their eigenvectors, whose components of largest magnitude are positive: rotations that each
 * clear one pair off the diagonal, until nothing is left there. (Jacobi, 1846; in the order of rows, Forsythe & Henrici, 1960)
 */
export function symmetricEigen(matrix: readonly Float64Array[]): Eigenpair[] {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (__, j) => Number(i === j)));
  const whole = squares(a, () => true);
  for (let sweep = 0; sweep < MAX_SWEEPS && squares(a, (i, j) => i !== j) > TOLERANCE * whole; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  const pairs = a.map((row, i) => ({ value: row[i], vector: withSign(Float64Array.from(vectors, (components) => components[i])) }));
  return pairs.sort((x, y) => y.value - x.value);
}

/** An eigenvector may point both ways: this one's component of largest magnitude, of equal ones the first, is positive. */
function withSign(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-12 ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
