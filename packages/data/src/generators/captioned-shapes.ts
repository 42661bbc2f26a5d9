import { checkWhole, ValueError } from "@dl/registry";
import type { Generator, HostArray } from "@dl/tensor";
import { begin, between, choice, floats, type GeneratorOptions } from "./common.js";
import { forPixelsOf, shapeKinds, type Place } from "./shape-kinds.js";

export interface CaptionedShapesOptions extends GeneratorOptions {
  /** Height and width in pixels, from 16. Default 32. */
  readonly size?: number;
  /** `"test"` has only pairs of coloured shapes that `"train"` never has. Default `"train"`. */
  readonly split?: "train" | "test";
}

export interface CaptionedShapes {
  /** float32 [N, 3, size, size] in 0..1. */
  readonly images: HostArray;
  /** Such as "a red circle left of a blue square"; the larger shape is named first, so that one caption is right. */
  readonly captions: readonly string[];
}

const colours = [["red", [0.9, 0.1, 0.1]], ["green", [0.1, 0.75, 0.2]], ["blue", [0.15, 0.25, 0.95]], ["yellow", [0.95, 0.9, 0.1]]] as const;
const relations = [["left of", -1, 0], ["right of", 1, 0], ["above", 0, -1], ["below", 0, 1]] as const;
const things = colours.flatMap(([colour, channels]) => shapeKinds.map(([name], kind) => ({ words: `a ${colour} ${name}`, channels, kind })));

type Thing = (typeof things)[number];

/** Symmetric, so that the same two things are not known the other way round; every thing also has pairs in training. */
const isHeldOut = (one: number, other: number): boolean => (one + other) % 5 === 0;

function pairsOf(split: "train" | "test"): readonly (readonly [Thing, Thing])[] {
  return things.flatMap((one, i) => things.flatMap((other, j) => (i !== j && isHeldOut(i, j) === (split === "test") ? [[one, other] as const] : [])));
}

function paint(image: Float32Array, { kind, channels }: Thing, place: Place, size: number): void {
  forPixelsOf(kind, place, size, (pixel) => { channels.forEach((value, channel) => { image[channel * size * size + pixel] = value; }); });
}

/** Fills in the picture and says what is on it. */
function drawPair(random: Generator, size: number, [first, second]: readonly [Thing, Thing], image: Float32Array): string {
  const [relation, dx, dy] = choice(random, relations);
  image.fill(between(random, 0.3, 0.5));
  const near = (side: number): number => size * (0.5 + 0.25 * side + between(random, -0.04, 0.04));
  paint(image, first, { x: near(dx), y: near(dy), radius: size * between(random, 0.18, 0.21) }, size);
  paint(image, second, { x: near(-dx), y: near(-dy), radius: size * between(random, 0.1, 0.13) }, size);
  return `${first.words} ${relation} ${second.words}`;
}

/**
 * Pictures of two coloured shapes, and a caption that says which they are and how they lie. 12 things (4 colours, 3 kinds), 4 relations; the
 * splits share every word but no pair of things. 100 samples by default.
 * @throws ValueError for counts that are not whole, a size below 16, or an unknown split
 */
export function captionedShapes(options: CaptionedShapesOptions = {}): CaptionedShapes {
  const { samples = 100, size = 32, split = "train" } = options;
  const random = begin("captionedShapes", options, ["size", "split"], samples);
  checkWhole("captionedShapes", "size", size, 16);
  if (!["train", "test"].includes(split)) throw new ValueError("captionedShapes", `expected split "train" or "test", got "${split}"`, "Name one of the two.");
  const pairs = pairsOf(split);
  const images = new Float32Array(samples * 3 * size * size);
  const captions = Array.from({ length: samples }, (_, i) => {
    return drawPair(random, size, choice(random, pairs), images.subarray(i * 3 * size * size, (i + 1) * 3 * size * size));
  });
  return { images: floats([samples, 3, size, size], images), captions };
}
