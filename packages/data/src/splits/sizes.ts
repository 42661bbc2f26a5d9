import { ValueError } from "@dl/registry";

const areFractions = (sizes: readonly number[]): boolean => sizes.every((size) => size >= 0 && size <= 1) && Math.abs(sizes.reduce((sum, size) => sum + size, 0) - 1) < 1e-9;

/** Whole numbers that sum to `length`, each less than 1 away from its share, by cutting at rounded cumulative sums. */
export function shares(fractions: readonly number[], length: number): number[] {
  let sum = 0;
  const ends = [0, ...fractions.map((size) => Math.round((sum += size) * length))];
  return fractions.map((_, i) => ends[i + 1] - ends[i]);
}

/** @throws ValueError unless `sizes` are counts that sum to `length`, or fractions that sum to 1 */
export function countsOf(where: string, sizes: readonly number[], length: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.every((size) => Number.isInteger(size) && size >= 0) && total === length) return [...sizes];
  if (areFractions(sizes)) return shares(sizes, length);
  throw new ValueError(where, `sizes [${sizes.join(", ")}] do not divide ${length} samples`, `Give whole numbers that sum to ${length}, or fractions that sum to 1`, { sizes, length });
}

/** @throws ValueError unless `sizes` are fractions that sum to 1 */
export function checkFractions(where: string, sizes: readonly number[]): void {
  if (sizes.length > 0 && areFractions(sizes)) return;
  throw new ValueError(where, `fractions [${sizes.join(", ")}] do not sum to 1`, "Give numbers from 0 to 1 that sum to 1", { sizes });
}
