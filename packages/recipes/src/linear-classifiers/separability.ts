import { ShapeError, ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { dot, nonNegativeLeastSquares } from "./non-negative-least-squares.js";

/** A hyperplane: where weight · x + bias = 0. */
export interface Hyperplane {
  readonly weight: readonly number[];
  readonly bias: number;
}

/** Margins below this part of the points' spread count as none: there, rounding decides. */
const CERTAIN = 1e-10;

type Rows = readonly (readonly number[])[];

/** The mean and the standard deviation (1 for a constant) of each column. */
function spreadOf(rows: Rows): { readonly mean: number[]; readonly deviation: number[] } {
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = rows[0].map((_, j) => average(rows.map((row) => row[j])));
  const deviation = mean.map((center, j) => Math.sqrt(average(rows.map((row) => (row[j] - center) ** 2))) || 1);
  return { mean, deviation };
}

async function rowsOf(where: string, x: Tensor, y: Tensor): Promise<{ readonly rows: Rows; readonly signs: number[] }> {
  const [count, features] = x.shape;
  if (x.ndim !== 2 || count === 0 || y.ndim !== 1 || y.shape[0] !== count) {
    throw new ShapeError(where, `x is [${x.shape.join(", ")}] and y is [${y.shape.join(", ")}]`, "Give points [N, features] and their classes [N], one at least");
  }
  const [values, labels] = await Promise.all([x.data(), y.data()]);
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0) throw new ValueError(where, `the class of row ${wrong} is ${labels[wrong]}`, "Give classes 0 and 1", { row: wrong });
  return {
    rows: Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * features, (i + 1) * features))),
    signs: Array.from(labels, (label) => (label === 1 ? 1 : -1)),
  };
}

/**
 * A hyperplane with all points of class 1 on its positive side and all of class 0 on the other; undefined where there is none.
 *
 * With s = ±1 for the class, z = s·(x, 1): some w has w·z > 0 for all points unless 0 = Σ λᵢzᵢ with λ ≥ 0 and Σλ = 1 (Gordan's theorem).
 * The λ ≥ 0 that come closest to both, by least squares, leave u = Σ λᵢzᵢ; if u is not 0, u·zᵢ > 0 for every i, and u is the witness.
 *
 * Shapes: x [N, features]; y [N] of 0 and 1.
 * @throws ShapeError, and ValueError for other classes
 */
export async function separatingHyperplane(x: Tensor, y: Tensor): Promise<Hyperplane | undefined> {
  const { rows, signs } = await rowsOf("separatingHyperplane", x, y);
  // Straight lines stay straight when axes are moved and stretched, and numbers near 1 keep rounding small.
  const { mean, deviation } = spreadOf(rows);
  const signed = rows.map((row, i) => [...row.map((value, j) => (value - mean[j]) / deviation[j]), 1].map((value) => signs[i] * value));
  const shares = nonNegativeLeastSquares(signed.map((z) => [...z, 1]), [...mean.map(() => 0), 0, 1]);
  const witness = signed[0].map((_, j) => signed.reduce((sum, z, i) => sum + shares[i] * z[j], 0));
  if (!signed.every((z) => dot(witness, z) > CERTAIN * Math.sqrt(dot(z, z)))) return undefined;
  const weight = deviation.map((width, j) => witness[j] / width);
  return { weight, bias: witness[mean.length] - dot(weight, mean) };
}

/**
 * Whether a hyperplane divides the two classes. Exclusive or is the smallest example of two that none divides.
 * Shapes: x [N, features]; y [N] of 0 and 1. Throws what `separatingHyperplane` throws.
 */
export const isLinearlySeparable = async (x: Tensor, y: Tensor): Promise<boolean> => (await separatingHyperplane(x, y)) !== undefined;
