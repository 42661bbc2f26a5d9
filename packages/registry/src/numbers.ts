import { ValueError } from "./errors.js";

// Checks of arguments, said the same way everywhere.

/** @throws ValueError unless `value` is a whole number of at least `least` */
export function checkWhole(where: string, name: string, value: unknown, least = 0): void {
  if (Number.isSafeInteger(value) && Number(value) >= least) return;
  throw new ValueError(where, `${name} is ${String(value)}`, `Give a whole number of at least ${least}`, { [name]: value });
}

/** @throws ValueError unless `value` is a finite number with least ≤ value ≤ most */
export function checkNumber(where: string, name: string, value: number, least = -Infinity, most = Infinity): void {
  if (Number.isFinite(value) && value >= least && value <= most) return;
  const range = most < Infinity ? ` from ${least} to ${most}` : least > -Infinity ? ` of at least ${least}` : "";
  throw new ValueError(where, `${name} is ${String(value)}`, `Give a finite number${range}`, { [name]: value });
}

/** @throws ValueError unless `value` is a finite number above 0 */
export function checkPositive(where: string, name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new ValueError(where, `${name} is ${value}`, "Give a finite number above 0", { [name]: value });
}

/** @throws ValueError unless `value` is one of those listed */
export function checkChoice<T extends string>(where: string, name: string, value: T, known: readonly T[]): void {
  if (known.includes(value)) return;
  throw new ValueError(where, `${name} is "${value}"`, `Use one of ${known.join(", ")}`, { [name]: value });
}
