import { ValueError } from "@dl/registry";

/** @throws ValueError unless `value` is a whole number from `least` */
export function checkWhole(where: string, name: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && Number(value) >= least) return;
  throw new ValueError(where, `${name} is ${String(value)}`, `Give a whole number from ${least}`, { [name]: value });
}

/** @throws ValueError unless `value` is a finite number with least ≤ value ≤ most */
export function checkNumber(where: string, name: string, value: number, least = -Infinity, most = Infinity): void {
  if (Number.isFinite(value) && value >= least && value <= most) return;
  const range = most < Infinity ? ` from ${least} to ${most}` : least > -Infinity ? ` from ${least}` : "";
  throw new ValueError(where, `${name} is ${String(value)}`, `Give a finite number${range}`, { [name]: value });
}
