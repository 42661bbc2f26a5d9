import type { DataOf, datasets } from "@dl/data";
import { chart } from "@dl/figures";
import { defineDataCalculation } from "../define-calculation.js";
import type { Findings } from "../define-calculation.js";
import { balancedParts } from "../generalization/balanced-parts.js";
import { count, percent, textTable } from "../generalization/text-table.js";
import { resultOf } from "./comparison.js";
import type { FineTuneSettings, MethodResult } from "./comparison.js";
import { methods } from "./methods.js";
import { firstDigits, newDigits, pretrain } from "./pretrained.js";

const settings: FineTuneSettings = {
  network: { channels: [16, 32, 64] },
  perFirst: 2000, steps: 300, batchSize: 64, lr: 4e-3,
  perNew: 10, unseenPerNew: 200, tuningSteps: 60, seeds: 5,
};

/** The lesson with other settings. Seconds are the machine's; all numbers and pictures are the same for the same seed. */
export async function fineTune(data: DataOf<typeof datasets.mnist>, own: FineTuneSettings, seed: number): Promise<Findings> {
  const [digits] = balancedParts(data.train, [own.perFirst], { classes: firstDigits, seed });
  const files = await pretrain(digits, { ...own, seed });
  const rows: MethodResult[] = [];
  for (const method of methods) rows.push(await resultOf(method, files, data, own, seed));
  const best = rows.reduce((leader, row) => (row.accuracy > leader.accuracy ? row : leader));
  return {
    text: [
      `Learnt before: ${count(digits.length)} digits 0 to 4. To learn: 5 to 9 from ${own.perNew} of each`,
      `Judged on ${count(own.unseenPerNew * newDigits.length)} others; medians of ${own.seeds} trainings`,
      "",
      ...textTable(
        ["method", "trained", "seconds", "right"],
        rows.map((row) => [row.title, count(row.trainable), row.seconds.toFixed(2), percent(row.accuracy)]),
      ),
      "",
      `Method ${best.title}: ${(100 * (best.accuracy - rows[0].accuracy)).toFixed(1)} points above the start from scratch.`,
    ],
    numbers: Object.fromEntries(rows.flatMap(({ key, accuracy, trainable }) => [[key, accuracy], [`${key}Trained`, trainable]])),
    figures: {
      methods: chart({
        title: "Ten digits of each class are enough for a network that has seen others",
        x: { label: "method; 0 is from scratch" }, y: { label: "accuracy of each training" },
        series: rows.map(({ key, accuracies }, i) => ({ name: key, points: accuracies.map((accuracy) => [i, accuracy] as const), style: "dots" as const })),
        legend: "bottom",
      }),
    },
  };
}

/** Chapter 7: a network that knows 0 to 4 learns 5 to 9 from ten digits of each, by the course's three methods, and one that knows nothing tries the same. */
export const finetune = /* @__PURE__ */ defineDataCalculation<DataOf<typeof datasets.mnist>>({
  name: "finetune",
  title: "Fine-tuning: from 0–4 to 5–9 with ten digits a class",
  chapter: 7,
  dataset: "mnist",
  calculate: (data, seed) => fineTune(data, settings, seed),
});
