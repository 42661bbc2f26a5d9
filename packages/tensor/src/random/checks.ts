import { ValueError } from "@dl/registry";

/** @throws ValueError unless low ≤ high, both finite, and so is what lies between them */
export function checkInterval(where: string, low: number, high: number): void {
  if (low <= high && Number.isFinite(high - low)) return;
  throw new ValueError(where, `${low} to ${high} is no interval`, "Give finite numbers, the lower one first, not too far apart", { low, high });
}

/** @throws ValueError unless `value` can be the length of an Int32Array of indices */
export function checkLength(where: string, name: string, value: number): void {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return;
  throw new ValueError(where, `${name} is ${value}`, "Give a whole number from 0 to 2 ** 31 - 1", { [name]: value });
}
