import { ValueError, checkNumber } from "@dl/registry";
import type { Generator } from "@dl/tensor";

export type Range = readonly [least: number, most: number];

/** A number in [least, most). */
export const drawnFrom = (generator: Generator, [least, most]: Range): number => least + (most - least) * generator.uniform();

/** A number whose logarithm is uniform. */
export const drawnByRatio = (generator: Generator, [least, most]: Range): number => Math.exp(drawnFrom(generator, [Math.log(least), Math.log(most)]));

/** A whole number from `least` to below `most`. */
export const drawnWhole = (generator: Generator, least: number, most: number): number => least + generator.int(most - least);

/** One draw for each picture. */
export const forEach = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

/** @throws ValueError unless floor ≤ least ≤ most ≤ ceiling */
export function checkRange(where: string, name: string, range: readonly number[], floor = -Infinity, ceiling = Infinity): Range {
  const [least, most] = range;
  if (range.length !== 2 || !(least <= most)) throw new ValueError(where, `${name} is [${range.join(", ")}]`, "Give [least, most]", { [name]: range });
  range.forEach((value) => { checkNumber(where, name, value, floor, ceiling); });
  return [least, most];
}

/** A number r is the range from −r to r. @throws ValueError for a negative number, or numbers in another order */
export function aroundZero(where: string, name: string, value: number | readonly number[], limit = Infinity): Range {
  if (typeof value !== "number") return checkRange(where, name, value, -limit, limit);
  checkNumber(where, name, value, 0, limit);
  return [-value, value];
}

/** A number r is the range from 1 − r, but at least 0, to 1 + r. @throws ValueError for a negative number, or numbers in another order */
export function aroundOne(where: string, name: string, value: number | readonly number[]): Range {
  if (typeof value !== "number") return checkRange(where, name, value, 0);
  checkNumber(where, name, value, 0);
  return [Math.max(0, 1 - value), 1 + value];
}
