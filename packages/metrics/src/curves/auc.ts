import { ShapeError, ValueError } from "@dl/registry";
import { checkFinite } from "../common/checks.js";

/**
 * The area below a curve, by trapezoids.
 * @throws ShapeError when x and y differ in length or have fewer than two points
 * @throws ValueError when x turns around, or a coordinate is not finite
 */
export function auc(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const where = "auc";
  if (x.length !== y.length || x.length < 2) throw new ShapeError(where, `${x.length} x and ${y.length} y`, "Give the same number of both, two at least");
  checkFinite(where, "x", x);
  checkFinite(where, "y", y);
  let [area, rises, falls] = [0, false, false];
  for (let i = 1; i < x.length; i++) {
    const step = x[i] - x[i - 1];
    rises ||= step > 0;
    falls ||= step < 0;
    area += (step * (y[i] + y[i - 1])) / 2;
  }
  if (rises && falls) throw new ValueError(where, "x neither only rises nor only falls", "Sort the points by x");
  return falls ? -area : area;
}
