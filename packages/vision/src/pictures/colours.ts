import { ValueError } from "@dl/registry";
import { tensor, type Tensor } from "@dl/tensor";

/** Red, green and blue, each in 0..1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** `"e69f00"` as numbers in 0..1. */
export const fromHex = (hex: string): Colour => {
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  return [red, green, blue];
};

/** Eight colours that are told apart with any kind of colour vision, with white in place of black. (Okabe & Ito, 2008) */
const distinct = (): Colour[] => ["e69f00", "56b4e9", "009e73", "f0e442", "0072b2", "d55e00", "cc79a7", "ffffff"].map(fromHex);

/** @throws ValueError unless it is three numbers in 0..1 */
export function checkColour(where: string, colour: readonly number[]): void {
  if (colour.length === 3 && colour.every((part) => part >= 0 && part <= 1)) return;
  throw new ValueError(where, `the colour is [${colour.join(", ")}]`, "Give [red, green, blue], each in 0..1", { colour });
}

/** As many colours as asked for: those given, or distinct ones, again from the first when there are too few. @throws ValueError for one that is none */
export function palette(where: string, count: number, colours: readonly Colour[] = distinct()): Colour[] {
  if (colours.length === 0) throw new ValueError(where, "colours is empty", "Give at least one, or leave it out");
  for (const colour of colours) checkColour(where, colour);
  return Array.from({ length: count }, (_, i) => colours[i % colours.length]);
}

/** A colour as an image of one pixel, [3, 1, 1]. */
export const asPixel = (colour: Colour, { dtype, backend }: Tensor): Tensor => tensor([...colour], { dtype, backend }).reshape([3, 1, 1]);
