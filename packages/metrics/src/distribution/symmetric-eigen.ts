/** Eigenvalues λ and eigenvectors of a symmetric matrix: column k of `vectors` belongs to `values[k]`. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** [n, n], row by row. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;

export function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** Turns the plane of columns p and q of every row by the angle with cosine c and sine s. */
function rotateColumns(matrix: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let row = 0; row < n; row++) {
    const [left, right] = [matrix[row * n + p], matrix[row * n + q]];
    matrix[row * n + p] = c * left - s * right;
    matrix[row * n + q] = s * left + c * right;
  }
}

function rotateRows(matrix: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let column = 0; column < n; column++) {
    const [upper, lower] = [matrix[p * n + column], matrix[q * n + column]];
    matrix[p * n + column] = c * upper - s * lower;
    matrix[q * n + column] = s * upper + c * lower;
  }
}

/** The rotation that makes entry (p, q) of a symmetric matrix 0: cosine and sine of the smaller of the two angles that do. */
function annihilating(app: number, aqq: number, apq: number): readonly [number, number] {
  const theta = (aqq - app) / (2 * apq);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  return [cosine, tangent * cosine];
}

/** Σ of squares above the diagonal. */
function offDiagonal(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) sum += matrix[p * n + q] ** 2;
  return sum;
}

/**
 * The eigenvalues and eigenvectors of a symmetric [n, n] matrix, by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, §8.5),
 * until what is off the diagonal is lost in rounding. O(n³) a sweep, some ten sweeps.
 */
export function symmetricEigen(symmetric: Float64Array, n: number): SymmetricEigen {
  const matrix = symmetric.slice();
  const vectors = identity(n);
  const negligible = (Number.EPSILON ** 2) * symmetric.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(matrix, n) > negligible; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (matrix[p * n + q] === 0) continue;
        const [c, s] = annihilating(matrix[p * n + p], matrix[q * n + q], matrix[p * n + q]);
        rotateColumns(matrix, n, p, q, c, s);
        rotateRows(matrix, n, p, q, c, s);
        rotateColumns(vectors, n, p, q, c, s);
      }
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]), vectors };
}

/** The square root of a symmetric positive semi-definite matrix, itself symmetric. Eigenvalues that rounding left below 0 count as 0. */
export function symmetricSquareRoot(symmetric: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(symmetric, n);
  const roots = values.map((value) => Math.sqrt(Math.max(0, value)));
  const scaled = vectors.map((value, i) => value * roots[i % n]);
  return product(scaled, transposed(vectors, n), n);
}

const transposed = (matrix: Float64Array, n: number): Float64Array => matrix.map((_, i) => matrix[(i % n) * n + Math.floor(i / n)]);

/** a·b of [n, n] matrices. */
export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      for (let j = 0; j < n; j++) result[i * n + j] += factor * b[k * n + j];
    }
  }
  return result;
}
