import { ValueError } from "@dl/registry";

/** What 0/0 is: a number, or a ValueError. */
export type ZeroDivision = number | "throw";

/** @throws ValueError when it is none of 0, 1, NaN and "throw" */
export function checkZeroDivision(where: string, zeroDivision: ZeroDivision): void {
  if (!["0", "1", "NaN", "throw"].includes(String(zeroDivision))) {
    throw new ValueError(where, `zeroDivision is ${zeroDivision}`, 'Use 0, 1, NaN or "throw"', { zeroDivision });
  }
}

/** numerator / denominator, and what `zeroDivision` says where both are 0. */
export function ratio(where: string, fact: string, numerator: number, denominator: number, zeroDivision: ZeroDivision): number {
  if (denominator !== 0) return numerator / denominator;
  if (zeroDivision === "throw") throw new ValueError(where, `${fact} is 0/0`, "Count more rows, or say what it shall be: zeroDivision: 0, 1 or NaN");
  return zeroDivision;
}
