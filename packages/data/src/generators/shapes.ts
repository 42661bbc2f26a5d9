import { checkWhole } from "@dl/registry";
import type { Generator, HostArray } from "@dl/tensor";
import { begin, between, choice, floats, ints, type GeneratorOptions } from "./common.js";
import { forPixelsOf, shapeKinds, type Place } from "./shape-kinds.js";

export interface ShapesOptions extends GeneratorOptions {
  /** Height and width in pixels, from 8. Default 32. */
  readonly size?: number;
}

export interface ShapesData {
  /** float32 [N, 3, size, size] in 0..1: the shape's colour on a grey ground. */
  readonly images: HostArray;
  /** uint8 [N, size, size]: 1 on the shape. */
  readonly masks: HostArray;
  /** Such as "a small red circle on the left". */
  readonly captions: readonly string[];
  /** int32 [N]: 0 circle, 1 square, 2 triangle. */
  readonly labels: HostArray;
}

const colours = [
  ["red", [0.9, 0.1, 0.1]],
  ["green", [0.1, 0.75, 0.2]],
  ["blue", [0.15, 0.25, 0.95]],
  ["yellow", [0.95, 0.9, 0.1]],
] as const;

function placed(random: Generator, size: number): Place & { readonly words: readonly [string, string] } {
  const isLarge = random.int(2) === 1;
  const isRight = random.int(2) === 1;
  const radius = size * (isLarge ? between(random, 0.2, 0.24) : between(random, 0.1, 0.14));
  const x = size * (isRight ? between(random, 0.65, 0.75) : between(random, 0.25, 0.35));
  return { x, y: size * between(random, 0.3, 0.7), radius, words: [isLarge ? "large" : "small", isRight ? "right" : "left"] };
}

/**
 * Pictures of one shape each, with a caption that says its size, colour, kind and side, and a mask of its pixels. A pixel belongs
 * to the shape when its middle is inside; there it has the shape's colour, elsewhere a grey between 0.3 and 0.5 that differs from picture to picture.
 * 100 samples by default.
 * @throws ValueError for counts that are not whole, or a size below 8
 */
export function shapes(options: ShapesOptions = {}): ShapesData {
  const { samples = 100, size = 32 } = options;
  const random = begin("shapes", options, ["size"], samples);
  checkWhole("shapes", "size", size, 8);
  const area = size * size;
  const images = new Float32Array(samples * 3 * area);
  const masks = new Uint8Array(samples * area);
  const labels = new Int32Array(samples);
  const captions = Array.from({ length: samples }, (_, i) => {
    labels[i] = random.int(shapeKinds.length);
    const [kind] = shapeKinds[labels[i]];
    const [colour, channels] = choice(random, colours);
    const { words: [extent, side], ...place } = placed(random, size);
    const ground = between(random, 0.3, 0.5);
    const mask = masks.subarray(i * area, (i + 1) * area);
    forPixelsOf(labels[i], place, size, (pixel) => { mask[pixel] = 1; });
    channels.forEach((value, channel) => {
      const start = (3 * i + channel) * area;
      for (let p = 0; p < area; p++) images[start + p] = mask[p] === 1 ? value : ground;
    });
    return `a ${extent} ${colour} ${kind} on the ${side}`;
  });
  return {
    images: floats([samples, 3, size, size], images),
    masks: { dtype: "uint8", shape: [samples, size, size], data: masks },
    captions,
    labels: ints([samples], labels),
  };
}
