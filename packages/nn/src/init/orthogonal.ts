import { ShapeError } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkInit, fill, generatorOf } from "./fill.js";
import type { InitOptions } from "./fill.js";

export interface OrthogonalOptions extends InitOptions {
  /** Factor on the matrix. Default 1; see `calculateGain`. */
  readonly gain?: number;
}

/** x ← x + factor·y for the vectors of `length` numbers at `x` and `y`. */
function addScaled(values: Float64Array, length: number, x: number, y: number, factor: number): void {
  for (let k = 0; k < length; k++) values[x + k] += factor * values[y + k];
}

function dot(values: Float64Array, length: number, x: number, y: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += values[x + k] * values[y + k];
  return sum;
}

/**
 * Makes vectors that stand one after the other orthonormal: Q of the QR decomposition with a positive diagonal of R, by the modified
 * Gram–Schmidt process, gone through twice for each vector so that nothing is left of rounding. (Giraud et al., 2005)
 */
export function orthonormalise(vectors: Float64Array, length: number): void {
  for (let x = 0; x < vectors.length; x += length) {
    for (let pass = 0; pass < 2; pass++) {
      for (let y = 0; y < x; y += length) addScaled(vectors, length, x, y, -dot(vectors, length, x, y));
    }
    const norm = Math.sqrt(dot(vectors, length, x, x));
    for (let k = 0; k < length; k++) vectors[x + k] /= norm;
  }
}

/**
 * A random orthogonal matrix times gain: of the tensor seen as [out, the rest], the rows or, if there are more rows than columns, the
 * columns are orthogonal and of norm gain. (Saxe et al., 2014)
 * @throws ShapeError for less than two dims
 */
export function orthogonal<T extends Tensor>(target: T, options: OrthogonalOptions = {}): T {
  checkInit("init.orthogonal", options, ["gain"]);
  const { gain = 1 } = options;
  const { shape, size } = target;
  if (shape.length < 2) throw new ShapeError("init.orthogonal", `the tensor has shape ${showShape(shape)}`, "Give a weight of two dims or more", { shape });
  const rows = shape[0];
  const columns = rows === 0 ? 0 : size / rows;
  return fill("init.orthogonal", target, (values) => {
    const vectors = new Float64Array(size);
    generatorOf(options).fillNormal(vectors);
    orthonormalise(vectors, Math.max(rows, columns));
    // With more rows than columns the vectors are columns.
    const [down, right] = rows > columns ? [1, rows] : [columns, 1];
    for (let i = 0; i < size; i++) values[i] = gain * vectors[Math.floor(i / columns) * down + (i % columns) * right];
  });
}
