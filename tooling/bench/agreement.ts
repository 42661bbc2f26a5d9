import { valueAt } from "./workloads.js";

/** Numbers of one magnitude; `null` is what JSON makes of those that are not finite. */
export type Check = readonly (number | null)[];

const samples = 31;

/**
 * A few numbers of the magnitude of the values that tell arrays apart: their root mean square, a sum of all with random signs and weights
 * over the root of their count, and values from all over.
 */
export function fingerprint(values: ArrayLike<number>): number[] {
  let [squares, mixed] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    squares += values[i] ** 2;
    mixed += values[i] * valueAt({ scale: 1, around: 0, seed: 0 }, i);
  }
  const spread = Array.from({ length: samples }, (_, k) => values[Math.floor((k * (values.length - 1)) / (samples - 1))]);
  return [Math.sqrt(squares / values.length), mixed / Math.sqrt(values.length), ...spread];
}

/** Of the largest number: float32 sums in another order, other formulas for erf, and an optimizer's steps on top. */
const tolerance = 1e-3;

function firstDifference(found: Check, expected: Check): string | null {
  const count = Math.min(found.length, expected.length);
  if (count === 0) return "disagrees: no result";
  const allowed = tolerance * Math.max(...expected.map((value) => Math.abs(value ?? NaN)));
  const text = (value: number | null): string => (value ?? NaN).toPrecision(5);
  const at = expected.slice(0, count).findIndex((value, i) => !(Math.abs((found[i] ?? NaN) - (value ?? NaN)) <= allowed));
  return at < 0 ? null : `disagrees: result ${at + 1} is ${text(found[at])}, not ${text(expected[at])}`;
}

/** Says how two contestants' results differ; `null` when they agree. Who was too slow for all first steps is judged by those it made. */
export function disagreement(found: readonly Check[], expected: readonly Check[]): string | null {
  if (found.length !== expected.length) return `disagrees: ${found.length} results, not ${expected.length}`;
  return found.map((check, i) => firstDifference(check, expected[i])).find((difference) => difference !== null) ?? null;
}
