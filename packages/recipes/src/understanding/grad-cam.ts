import { noGrad } from "@dl/autograd";
import { accuracy } from "@dl/metrics";
import { cat, interpolate } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { fromImage, gradCAM, guidedBackprop, makeGrid, occlusion, overlayHeatmap, upscale } from "@dl/vision";
import { defineCalculation } from "../define-calculation.js";
import type { Findings } from "../define-calculation.js";
import { mean, sharesInQuadrants } from "./heat-shares.js";
import { LAST_MAPS, learnShapes, shapeNames, unseenShapes } from "./shape-network.js";
import type { ShapeTraining } from "./shape-network.js";

const SHAPES = 3;
const EACH = 3;

const sizeOf = (pictures: Tensor): readonly number[] => pictures.shape.slice(2);

/** Each map from 0 to 1; one without heat stays. Shapes: [N, H, W] of nothing below 0 → same. */
const byMax = (heat: Tensor): Tensor => heat.div(heat.max([1, 2], { keepDim: true }).clamp(1e-12, Infinity));

/** Trains the network, and asks it about pictures that it did not see. */
export async function whereItLooks({ unseen = 150, ...training }: ShapeTraining & { readonly unseen?: number }): Promise<Findings> {
  // The network learns from pictures which shape is on them. It does not learn where.
  const model = await learnShapes(training);
  const { x, pictures, classes, quadrants } = await unseenShapes({ ...training, samples: unseen, seed: training.seed + 1 });
  const predicted = await noGrad(() => model.forward(x).argmax(1)).data();

  // Weights: the class's score by each map, the mean of its gradient over all places. Heat: the sum of the maps by their weights, where it is above 0.
  const heat = gradCAM(model, LAST_MAPS, x, { classIndex: classes });
  const right = classes.flatMap((own, i) => (predicted[i] === own ? [i] : []));
  const shares = sharesInQuadrants(heat, quadrants);
  const numbers = { testAccuracy: accuracy(predicted, classes), heatInQuadrant: mean(right.map((i) => shares[i])) };

  // Some of each shape, by three methods.
  const chosen = Array.from({ length: SHAPES }, (_, shape) => right.filter((i) => classes[i] === shape).slice(0, EACH)).flat();
  const asked = chosen.map((i) => classes[i]);
  const pick = (all: Tensor): Tensor => cat(chosen.map((i) => all.slice(0, i, i + 1)));
  const [some, shown] = [pick(x), pick(pictures)];
  const fall = occlusion(model, some, { window: 8, stride: 4, classIndex: asked }).unsqueeze(1);
  const methods = {
    "Grad-CAM": pick(heat),
    "guided backpropagation": byMax(guidedBackprop(model, some, asked).relu().select(1, 0)),
    occlusion: byMax(interpolate(fall, { size: sizeOf(some), mode: "bilinear" }).squeeze(1).relu()),
  };
  const places = chosen.map((i) => quadrants[i]);
  const large = upscale(shown, 4);
  const rows = Object.values(methods).map((own) => overlayHeatmap(large, upscale(own.unsqueeze(1), 4).squeeze(1), { alpha: 0.6 }));
  return {
    text: [
      `The network tells ${shapeNames.slice(0, SHAPES).join(", ")} apart on ${(100 * numbers.testAccuracy).toFixed(1)} % of the pictures that it did not see before.`,
      `Where it was right, ${(100 * numbers.heatInQuadrant).toFixed(1)} % of Grad-CAM's heat lies in the quadrant of the shape; by chance it would be 25 %.`,
      "",
      `On ${chosen.length} of them:`,
      ...Object.entries(methods).map(([name, own]) => `  ${name.padEnd(23)} ${(100 * mean(sharesInQuadrants(own, places))).toFixed(1)} %`),
      "",
      `The picture, row by row: ${chosen.length} pictures, and the same with the heat of ${Object.keys(methods).join(", ")}.`,
    ],
    numbers,
    figures: {},
    pictures: { heat: fromImage(makeGrid(cat([large.expand([chosen.length, 3, ...sizeOf(large)]), ...rows]), { columns: chosen.length })) },
  };
}

/** Chapter 6: where does a network look when it decides? The heat of a class is where its evidence comes from. */
export const gradCam = /* @__PURE__ */ defineCalculation({
  name: "grad-cam",
  title: "Grad-CAM: where a network looks",
  chapter: 6,
  calculate: (seed) => whereItLooks({ samples: 480, epochs: 8, seed }),
});
