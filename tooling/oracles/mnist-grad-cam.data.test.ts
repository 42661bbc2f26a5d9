// Where a CNN that PyTorch trained on MNIST looks: the heat belongs on the strokes. DL_PICTURES=folder writes what is seen there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePng } from "@dl/data";
import { loadMnist } from "@dl/data/node";
import { loadModel } from "@dl/nn";
import { interpolate } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { fromImage, gradCAM, guidedBackprop, makeGrid, occlusion, overlayHeatmap, toRgb, upscale } from "@dl/vision";
import { beforeAll, describe, expect, test } from "vitest";
import { MnistCnn } from "./mnist-cnn.js";

const folder = join(process.env.DL_DATA_DIR ?? "", "models/mnist-cnn");
const COUNT = 5;

/** Share of the heat within `reach` pixels of a stroke, for each image. Shapes: heat [N, H, W] of nothing below 0, images [N, 1, H, W]. */
function onStrokes(heat: Tensor, images: Tensor, reach: number): number[] {
  const [height, width] = heat.shape.slice(1);
  const [found, ink] = [heat.toArray() as number[][][], images.select(1, 0).toArray() as number[][][]];
  const isNear = (n: number, y: number, x: number): boolean =>
    ink[n].slice(Math.max(0, y - reach), y + reach + 1).some((row) => row.slice(Math.max(0, x - reach), x + reach + 1).some((value) => value > 0.3));
  return found.map((map, n) => {
    let [near, all] = [0, 0];
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      all += map[y][x];
      if (isNear(n, y, x)) near += map[y][x];
    }
    return near / all;
  });
}

/** Share of the picture within `reach` pixels of a stroke: what heat that knows nothing would give. */
const byChance = (images: Tensor, reach: number): number[] => onStrokes(images.select(1, 0).mul(0).add(1), images, reach);

const enlarged = (heat: Tensor): Tensor => interpolate(heat.unsqueeze(1), { size: [28, 28], mode: "bilinear" }).squeeze(1);

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

const shown = (numbers: readonly number[]): string => numbers.map((value) => value.toFixed(2)).join(" ");

describe("CNN-14 what a CNN trained on MNIST looks at", () => {
  const model = new MnistCnn();
  let images: Tensor;

  beforeAll(async () => {
    loadModel(model, readFileSync(join(folder, "mnist.safetensors")));
    const { test: held } = await loadMnist();
    images = held.take(COUNT).x;
  });

  /** And the least share of the heat near strokes, on average; by chance it would be 0.38. */
  const looks: Readonly<Record<string, readonly [look: () => Tensor, least: number]>> = {
    // No better than chance: this model flattens its maps, so that what a map as a whole counts for says little. HiResCAM is made for that.
    gradCAM: [() => gradCAM(model, "rectify.2", images), 0.3],
    "gradCAM++": [() => gradCAM(model, "rectify.2", images, { method: "gradcam++" }), 0.45],
    hiResCAM: [() => gradCAM(model, "rectify.2", images, { method: "hirescam" }), 0.55],
    guidedBackprop: [() => guidedBackprop(model, images).relu().select(1, 0), 0.75],
    occlusion: [() => enlarged(occlusion(model, images, { window: 6, stride: 2, batchSize: 16 })).relu(), 0.8],
  };
  const heats = new Map<string, Tensor>();

  test.each(Object.entries(looks))("%s: heat within 2 pixels of the strokes", (name, [look, least]) => {
    const heat = look();
    heats.set(name, heat);
    const [share, chance] = [onStrokes(heat, images, 2), byChance(images, 2)];
    console.log(`${name}: ${shown(share)} of the heat, by chance ${shown(chance)}`);
    expect(mean(chance)).toBeCloseTo(0.38, 2);
    expect(mean(share)).toBeGreaterThanOrEqual(least);
  });

  test("as one picture", () => {
    const large = upscale(images, 4);
    const rows = [...heats.values()].map((heat) => overlayHeatmap(large, upscale(heat.div(heat.max([1, 2], { keepDim: true })).unsqueeze(1), 4).squeeze(1)));
    const grid = makeGrid([toRgb(large), ...rows].flatMap((row) => Array.from({ length: COUNT }, (_, n) => row.select(0, n))), { columns: COUNT });
    const place = process.env.DL_PICTURES;
    if (place !== undefined) writeFileSync(join(place, "gradcam.png"), encodePng(fromImage(grid)));
    expect(grid.shape).toStrictEqual([3, 6 * 114 + 2, COUNT * 114 + 2]);
  });
});
