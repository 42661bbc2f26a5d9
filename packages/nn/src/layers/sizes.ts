import { checkWhole, ValueError } from "@dl/registry";

/** @throws ValueError unless every one of the sizes, given by their names, is a whole number of at least `least` */
export function checkSizes(where: string, sizes: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, value] of Object.entries(sizes)) checkWhole(where, name, value, least);
}

/** @throws ValueError unless p is a probability */
export function checkProbability(where: string, name: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ValueError(where, `${name} is ${p}`, "Give a probability from 0 to 1", { [name]: p });
}
