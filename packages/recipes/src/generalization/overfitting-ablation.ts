import type { DataOf, datasets } from "@dl/data";
import { chart } from "@dl/figures";
import { defineDataCalculation } from "../define-calculation.js";
import type { Findings } from "../define-calculation.js";
import { remedies, tried } from "./remedies.js";
import type { AblationSettings, Outcome } from "./remedies.js";
import { count, median, percent, textTable } from "./text-table.js";

/** 52,138 weights for 100 digits: the network knows them all by heart, and every fourth other digit is a riddle to it. */
const settings: AblationSettings = { network: { channels: [8, 16], hidden: 64 }, perClass: 10, steps: 200, batchSize: 20, lr: 2e-3, seeds: 3 };

const UNSEEN = 2000;

const gapOf = ({ train, test }: Outcome): number => train - test;

/** Medians of several trainings with other digits and other weights. */
const typical = (outcomes: readonly Outcome[]): Outcome & { readonly gap: number } => ({
  parameters: outcomes[0].parameters,
  train: median(outcomes.map(({ train }) => train)),
  test: median(outcomes.map(({ test }) => test)),
  gap: median(outcomes.map(gapOf)),
});

/** The lesson with other settings; `data.test` is what accuracy is measured on. */
export async function ablation({ train, test }: DataOf<typeof datasets.mnist>, own: AblationSettings, seed: number): Promise<Findings> {
  const rows: ({ readonly key: string; readonly title: string } & ReturnType<typeof typical>)[] = [];
  for (const remedy of remedies) {
    const outcomes: Outcome[] = [];
    for (let i = 0; i < own.seeds; i++) outcomes.push(await tried(remedy, train, test, own, own.seeds * seed + i));
    rows.push({ key: remedy.key, title: remedy.title, ...typical(outcomes) });
  }
  const smaller = rows.filter(({ gap }) => gap < rows[0].gap).length;
  return {
    text: [
      `${10 * own.perClass} training digits, ${count(test.length)} others to judge by, ${own.steps} steps; medians of ${own.seeds} trainings`,
      "",
      ...textTable(
        ["remedy", "parameters", "training digits", "other digits", "gap"],
        rows.map((row) => [row.title, count(row.parameters), percent(row.train), percent(row.test), (100 * row.gap).toFixed(1)]),
      ),
      "",
      `${smaller} of ${rows.length - 1} remedies bring what the network knows by heart and what it understands closer together.`,
    ],
    numbers: Object.fromEntries(rows.flatMap(({ key, parameters, train: known, test: understood, gap }) => [
      [`${key}Parameters`, parameters], [`${key}Train`, known], [`${key}Test`, understood], [`${key}Gap`, gap],
    ])),
    figures: {
      gaps: chart({
        title: "What helps against overfitting",
        x: { label: "row of the table, from 0" },
        y: { label: "accuracy", domain: [0.5, 1] },
        series: (["train", "test"] as const).map((name) => ({ name, points: rows.map((row, i) => [i, row[name]] as const), style: "dots" as const })),
        legend: "bottom",
      }),
    },
  };
}

/**
 * Chapter 6: a network that has learnt 100 digits by heart, and six remedies against that, each by itself: a simpler model, augmentation, dropout,
 * batch normalisation, early stopping, and more data. The gap between digits that it has seen and others shrinks.
 */
export const overfittingAblation = /* @__PURE__ */ defineDataCalculation<DataOf<typeof datasets.mnist>>({
  name: "overfitting-ablation",
  title: "Six remedies against overfitting",
  chapter: 6,
  dataset: "mnist",
  calculate: ({ train, test }, seed) => ablation({ train, test: test.take(UNSEEN) }, settings, seed),
});
