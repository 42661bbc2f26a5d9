import { checkOptions } from "@dl/registry";
import { Generator } from "@dl/tensor";
import { glyphs, type Glyph } from "./glyphs.js";
import { draw } from "./ink.js";
import { write } from "./pen.js";

/** Side of an image in pixels. */
export const IMAGE_SIZE = 28;

const GRAIN = 0.12;

function choose(styles: readonly Glyph[], random: Generator): Glyph {
  let rest = random.uniform() * styles.reduce((sum, { weight }) => sum + weight, 0);
  return styles.find(({ weight }) => (rest -= weight) < 0) ?? styles[styles.length - 1];
}

/** Writes one digit into `image`, in 256 steps of grey as a scanner would. */
function drawDigit(styles: readonly Glyph[], random: Generator, image: Float32Array): void {
  image.fill(0);
  draw(write(choose(styles, random), random, IMAGE_SIZE), image, IMAGE_SIZE);
  const strength = 1 - 0.12 * random.uniform();
  for (let i = 0; i < image.length; i++) {
    if (image[i] > 0) image[i] = Math.round(255 * image[i] * strength * (1 - GRAIN * random.uniform())) / 255;
  }
}

export function drawDigits(random: Generator, count: number): { x: Float32Array; y: Int32Array } {
  const styles = glyphs();
  const pixels = IMAGE_SIZE * IMAGE_SIZE;
  const x = new Float32Array(count * pixels);
  const y = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const own = random.split(i);
    y[i] = own.int(10);
    drawDigit(styles[y[i]], own, x.subarray(i * pixels, (i + 1) * pixels));
  }
  return { x, y };
}
