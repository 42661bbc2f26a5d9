import { shapeScenes, type TensorDataset } from "@dl/data";
import type { TensorModule } from "@dl/nn";
import { predictMask } from "@dl/vision";
import { defineCalculation, type Findings } from "../define-calculation.js";
import { textTable } from "../generalization/text-table.js";
import { parametersOf } from "../generalization/training.js";
import { maskPictures } from "../pictures/mask-pictures.js";
import { patchSegmenter } from "./patch-classifier.js";
import { evaluateSegmenter } from "./segmenter.js";
import { shapesSegmentation } from "./shapes-segmentation.js";

const labels = ["ground", "circle", "square", "triangle"];

/** How much of everything there is. */
export interface ComparisonSettings {
  readonly seed: number;
  readonly pictures: number;
  readonly unseen: number;
  readonly epochs: number;
  readonly base: number;
}

type Way = readonly [name: string, train: () => Promise<TensorModule>];

const ways = (train: TensorDataset, { seed, epochs, base }: ComparisonSettings): readonly Way[] => [
  ["patches", () => patchSegmenter(train, labels.length, 1, seed)],
  ...(["encoder-decoder", "no-skips", "u-net"] as const).map((net): Way => [
    net,
    async () => {
      const { model, run } = shapesSegmentation.train({ train, options: { net, epochs, base }, seed });
      await run;
      return model;
    },
  ]),
];

const clock = (): number => performance.now() / 1000;

/** Milliseconds that a picture takes; the first one is not counted, since kernels are made for it. */
async function speedOf(model: TensorModule, { x }: TensorDataset): Promise<number> {
  const picture = x.slice(0, 0, 1);
  await predictMask(model, picture).data();
  const began = clock();
  for (let i = 0; i < 3; i++) await predictMask(model, picture).data();
  return (1000 * (clock() - began)) / 3;
}

/** Trains every way to a mask on the same pictures, and measures how good and how fast it is. */
export async function compareSegmenters(settings: ComparisonSettings): Promise<Findings> {
  const [train, test] = [shapeScenes({ samples: settings.pictures, seed: settings.seed }), shapeScenes({ samples: settings.unseen, seed: settings.seed + 1000 })];
  const rows = [];
  let pictures = {};
  for (const [name, trained] of ways(train, settings)) {
    const began = clock();
    const model = (await trained()).eval();
    const seconds = clock() - began;
    const { mIoU, boundaryIoU } = (await evaluateSegmenter(model, test, labels.length, { labels })).metrics;
    rows.push({ name, parameters: parametersOf(model), mIoU, boundaryIoU, seconds, milliseconds: await speedOf(model, test) });
    pictures = { ...pictures, [name]: (await maskPictures(model, test, { count: 3 })).masks };
  }
  const [patches, , noSkips, uNet] = rows;
  const table = rows.map((row) => [row.name, String(row.parameters), row.mIoU.toFixed(3), row.boundaryIoU.toFixed(3), row.seconds.toFixed(1), row.milliseconds.toFixed(1)]);
  return {
    text: [
      ...textTable(["way", "parameters", "mIoU", "boundary IoU", "training, s", "picture, ms"], table),
      `Patches: ${48 * 48} passes through a classifier for one picture, ${(patches.milliseconds / uNet.milliseconds).toFixed(0)} times the time of U-Net's one.`,
      `Skips: boundary IoU ${uNet.boundaryIoU.toFixed(3)} with them, ${noSkips.boundaryIoU.toFixed(3)} without.`,
    ],
    numbers: { mIoU: uNet.mIoU, boundaryIoU: uNet.boundaryIoU, mIoUPatches: patches.mIoU, boundaryIoUNoSkips: noSkips.boundaryIoU, timeRatio: patches.milliseconds / uNet.milliseconds },
    figures: {},
    pictures,
  };
}

/** Chapter 7: three ways to a class for every pixel: a patch around each, everything through one embedding, and U-Net, whose skips bring outlines back. */
export const segmenters = /* @__PURE__ */ defineCalculation({
  name: "segmenters",
  title: "Patches, encoder and decoder, U-Net",
  chapter: 7,
  calculate: (seed) => compareSegmenters({ seed, pictures: 200, unseen: 40, epochs: 12, base: 8 }),
});
