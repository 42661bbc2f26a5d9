import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { isFloat, showShape, type Tensor } from "@dl/tensor";

/** Rows of a table as float64. @throws ShapeError unless vectors are [N, D] with at least one row and column; DTypeError, ValueError unless they are finite floats */
export function pointsOf(where: string, vectors: Tensor): Float64Array[] {
  const { shape, dtype } = vectors;
  if (vectors.ndim !== 2 || vectors.size === 0) throw new ShapeError(where, `the vectors have shape ${showShape(shape)}`, "Give one row per point, [N, D]", { shape });
  if (!isFloat(dtype)) throw new DTypeError(where, `the vectors are ${dtype}`, 'Convert them: vectors.to("float32")', { dtype });
  const values = vectors.dataSync();
  const [count, dim] = shape;
  const points = Array.from({ length: count }, (_, n) => Float64Array.from(values.subarray(n * dim, (n + 1) * dim)));
  const bad = points.findIndex((point) => !point.every(Number.isFinite));
  if (bad !== -1) throw new ValueError(where, `row ${bad} holds ${points[bad].join(", ")}`, "Give finite numbers", { row: bad });
  return points;
}

/** Rows as a tensor like x. */
export const tableLike = (x: Tensor, rows: readonly Float64Array[], width: number): Tensor =>
  x.makeFrom(Float64Array.from(rows.flatMap((row) => [...row])), x.dtype, [rows.length, width]);

/** The mean of points. */
export function meanOf(points: readonly Float64Array[], dim: number): Float64Array {
  const mean = new Float64Array(dim);
  for (const point of points) point.forEach((value, d) => { mean[d] += value / points.length; });
  return mean;
}
