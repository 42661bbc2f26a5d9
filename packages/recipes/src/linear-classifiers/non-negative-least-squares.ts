import { StateError } from "@dl/registry";

type Vector = readonly number[];

export const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

const minus = (a: Vector, factor: number, b: Vector): number[] => a.map((value, i) => value - factor * b[i]);

/** The coefficients of independent columns that come closest to `target`: QR by Gram and Schmidt, each column twice for accuracy. */
function leastSquares(columns: readonly Vector[], target: Vector): number[] {
  const basis: number[][] = [];
  const upper: number[][] = [];
  for (const column of columns) {
    let rest = [...column];
    const along = basis.map(() => 0);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((direction, i) => {
        const share = dot(direction, rest);
        along[i] += share;
        rest = minus(rest, share, direction);
      });
    }
    const length = Math.sqrt(dot(rest, rest));
    basis.push(rest.map((value) => value / length));
    upper.push([...along, length]);
  }
  const solution = basis.map((direction) => dot(direction, target));
  for (let i = solution.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < solution.length; j++) solution[i] -= upper[j][i] * solution[j];
    solution[i] /= upper[i][i];
  }
  return solution;
}

const TOLERANCE = 1e-12;

/**
 * λ ≥ 0 with the least ‖Σ λⱼ·columnⱼ − target‖. (Lawson and Hanson, 1974, Solving Least Squares Problems, chapter 23)
 * @throws StateError when rounding keeps it from coming to an end
 */
export function nonNegativeLeastSquares(columns: readonly Vector[], target: Vector): number[] {
  const solution = columns.map(() => 0);
  const chosen: number[] = [];
  for (let step = 0; step < 10 * columns.length + 100; step++) {
    const residual = chosen.reduce((rest, j) => minus(rest, solution[j], columns[j]), [...target]);
    const steepest = columns.reduce((best, column, j) => (!chosen.includes(j) && (best < 0 || dot(column, residual) > dot(columns[best], residual)) ? j : best), -1);
    if (steepest < 0 || dot(columns[steepest], residual) <= TOLERANCE || chosen.length === target.length) return solution;
    chosen.push(steepest);
    settle(columns, target, solution, chosen);
  }
  throw new StateError("nonNegativeLeastSquares", "it does not come to an end", "Are points there twice, or numbers of very different sizes?");
}

/** Solves for the chosen columns; those that would turn negative are let go, the first one to reach 0 first. */
function settle(columns: readonly Vector[], target: Vector, solution: number[], chosen: number[]): void {
  for (;;) {
    const wanted = leastSquares(chosen.map((j) => columns[j]), target);
    const reach = Math.min(1, ...chosen.map((j, i) => (wanted[i] <= 0 ? solution[j] / (solution[j] - wanted[i]) : 1)));
    chosen.forEach((j, i) => { solution[j] += reach * (wanted[i] - solution[j]); });
    if (reach === 1) return;
    for (const j of chosen.filter((own, i) => wanted[i] <= 0 && solution[own] <= TOLERANCE)) {
      solution[j] = 0;
      chosen.splice(chosen.indexOf(j), 1);
    }
  }
}
