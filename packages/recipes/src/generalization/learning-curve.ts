import type { Batch, DataOf, Dataset, datasets } from "@dl/data";
import { chart } from "@dl/figures";
import { Adam } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { cosineDecay } from "../cosine-decay.js";
import { defineDataCalculation } from "../define-calculation.js";
import type { Findings } from "../define-calculation.js";
import { balancedParts } from "./balanced-parts.js";
import { smallCnn } from "./small-cnn.js";
import type { SmallCnnOptions } from "./small-cnn.js";
import { accuracyOn, trainFor } from "./training.js";
import { count, percent, textTable } from "./text-table.js";

export interface CurveSettings {
  /** Numbers of training digits, each of which the next ones contain. */
  readonly sizes: readonly number[];
  readonly network: SmallCnnOptions;
  readonly steps: number;
}

const settings: CurveSettings = { sizes: [50, 200, 800, 3000], network: { channels: [8, 16], norm: true }, steps: 300 };

const UNSEEN = 2000;

const [LR, BATCH_SIZE] = [4e-3, 32];

export interface CurvePoint<T> {
  readonly size: number;
  readonly result: T;
}

/** What `fit` makes of the first n samples, for each n of `sizes`. @throws ValueError for a size beyond the data */
export async function learningCurve<T>(train: Dataset<Batch>, sizes: readonly number[], fit: (part: Dataset<Batch>) => Promise<T>): Promise<CurvePoint<T>[]> {
  const points: CurvePoint<T>[] = [];
  for (const size of sizes) points.push({ size, result: await fit(train.take(size)) });
  return points;
}

/** The lesson with other settings; `data.test` is what accuracy is measured on. */
export async function digitsCurve({ train, test }: DataOf<typeof datasets.mnist>, { sizes, network, steps }: CurveSettings, seed: number): Promise<Findings> {
  const [digits] = balancedParts(train, [Math.ceil(Math.max(...sizes) / 10)], { classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed });
  // The same network, the same first weights, the same number of steps: only the data differ.
  const points = await learningCurve(digits, sizes, async (part) => {
    const model = smallCnn(network, new Generator(seed));
    const optimizer = new Adam(model.parameters(), { lr: LR });
    await trainFor(model, optimizer, part, { steps, batchSize: BATCH_SIZE, seed, callbacks: [cosineDecay(optimizer, LR, steps)] });
    return { train: await accuracyOn(model, part), test: await accuracyOn(model, test) };
  });
  const line = (name: "train" | "test") =>
    ({ name, style: "path" as const, points: points.map(({ size, result }) => [Math.log10(size), result[name]] as const) });
  return {
    text: [
      `One network, ${steps} steps each, judged on ${count(test.length)} other digits`,
      "",
      ...textTable(
        ["training digits", "of these right", "of others right"],
        points.map(({ size, result }) => [count(size), percent(result.train), percent(result.test)]),
      ),
    ],
    numbers: Object.fromEntries(points.map(({ size, result }) => [`test${size}`, result.test])),
    figures: {
      curve: chart({
        title: "More data, better generalization",
        x: { label: "training digits, decimal logarithm" },
        y: { label: "accuracy" },
        series: [line("train"), line("test")],
        legend: "bottom",
      }),
    },
  };
}

/** Chapter 6: the same network learns from more and more digits. What it says of others gets better and better, and the gap closes. */
export const learningCurveOfDigits = /* @__PURE__ */ defineDataCalculation<DataOf<typeof datasets.mnist>>({
  name: "learning-curve",
  title: "More data, better generalization",
  chapter: 6,
  dataset: "mnist",
  calculate: ({ train, test }, seed) => digitsCurve({ train, test: test.take(UNSEEN) }, settings, seed),
});
