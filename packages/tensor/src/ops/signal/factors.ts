import { elementwise } from "../../op/elementwise.js";
import { likeOf } from "../../op/like.js";
import type { Tensor } from "../../tensor.js";
import { cat } from "../joining.js";

/** −1 for e^(−2πi·jk/n), the forward transform; 1 for the inverse. */
export type Sign = -1 | 1;

/** Complex factors spelled out: what the real part of a number adds to both parts of the product, and what the imaginary part adds. */
export interface Factors {
  readonly ofReal: Tensor;
  readonly ofImaginary: Tensor;
}

const turn = elementwise("turn", (re, im, ofReal, ofImaginary) => re.mul(ofReal).add(im.mul(ofImaginary)));

/** x·factors in one kernel. Shapes: x [.., parts, n], factors [.., 2, n] → [.., 2, n], row-major. */
export function multiplied(x: Tensor, { ofReal, ofImaginary }: Factors): Tensor {
  const re = x.slice(-2, 0, 1);
  return x.shape.at(-2) === 1 ? re.mul(ofReal) : turn(re, x.slice(-2, 1, 2), ofReal, ofImaginary);
}

/** A table [.., 2, n] of complex numbers as factors. */
export function factorsOf(table: Tensor): Factors {
  return { ofReal: table, ofImaginary: cat([table.slice(-2, 1, 2).neg(), table.slice(-2, 0, 1)], -2) };
}

/**
 * e^(sign·2πi·m/period) for m = positionOf(row, k), as a table [rows, 2, columns] of x's dtype and backend. Positions stay whole
 * numbers until the end, so nothing is lost for large ones.
 */
export function roots(x: Tensor, sign: Sign, period: number, rows: number, columns: number, positionOf: (row: number, k: number) => number): Tensor {
  const values = new Float64Array(rows * 2 * columns);
  const step = (sign * 2 * Math.PI) / period;
  for (let row = 0; row < rows; row++) {
    for (let k = 0, at = row * 2 * columns; k < columns; k++, at++) {
      const angle = step * (positionOf(row, k) % period);
      values[at] = Math.cos(angle);
      values[at + columns] = Math.sin(angle);
    }
  }
  return likeOf(x, values, [rows, 2, columns]);
}
