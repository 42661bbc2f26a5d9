import type { DataOf, TensorDataset, datasets } from "@dl/data";
import { chart } from "@dl/figures";
import { defineDataCalculation } from "../define-calculation.js";
import type { Findings } from "../define-calculation.js";
import { balancedParts } from "./balanced-parts.js";
import { compressions } from "./compressions.js";
import type { Compressed } from "./compressions.js";
import { answersOf, judged } from "./judging.js";
import type { Judgement } from "./judging.js";
import { layerCosts } from "./layer-costs.js";
import { count, percent, textTable } from "./text-table.js";
import { trainedCnn } from "./trained-cnn.js";
import type { CompressionSettings } from "./trained-cnn.js";

const settings: CompressionSettings = {
  network: { channels: [8, 16], hidden: 64, norm: true },
  perClass: 400, steps: 300, tuningSteps: 50, batchSize: 64, lr: 4e-3,
};

const UNSEEN = 2000;

type Row = Compressed & Judgement;

async function judgedRows(made: readonly Compressed[], unseen: TensorDataset): Promise<readonly Row[]> {
  const original = await answersOf(made[0].model, unseen);
  const rows: Row[] = [];
  for (const own of made) rows.push({ ...own, ...(await judged(own.model, unseen, original)) });
  return rows;
}

/** The lesson with other settings; `data.test` is what accuracy is measured on. */
export async function compress({ train, test }: DataOf<typeof datasets.mnist>, own: CompressionSettings, seed: number): Promise<Findings> {
  const [digits] = balancedParts(train, [own.perClass], { classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed });
  const costs = layerCosts();
  const rows = await judgedRows(await compressions(await trainedCnn(own, digits, seed), digits), test);
  return {
    text: [
      "Smaller by design:", ...costs.text, "",
      `Smaller afterwards: a network that learnt ${count(digits.length)} digits, judged on ${count(test.length)} others`,
      ...textTable(
        ["model", "right", "zeros", "as the original", "bytes"],
        rows.map((row) => [row.title, percent(row.accuracy), row.zeros === undefined ? "" : percent(row.zeros), percent(row.agreement), count(row.bytes)]),
      ),
      "",
      "Zeros take as much room in a file as other numbers, until it is packed; int8 needs a quarter.",
    ],
    numbers: {
      ...costs.numbers,
      ...Object.fromEntries(rows.flatMap(({ key, accuracy, agreement, bytes, zeros }): [string, number][] => [
        [`${key}Accuracy`, accuracy], [`${key}Agreement`, agreement], [`${key}Bytes`, bytes],
        ...(zeros === undefined ? [] : [[`${key}Zeros`, zeros] as [string, number]]),
      ])),
    },
    figures: { pruning: pruningChart(rows) },
  };
}

function pruningChart(rows: readonly Row[]): string {
  const [original] = rows;
  const line = (name: string, meant: RegExp) => {
    const points = rows.flatMap(({ key, zeros, accuracy }) => (zeros !== undefined && meant.test(key) ? [[zeros, accuracy] as const] : []));
    return { name, style: "path" as const, points: [[0, original.accuracy] as const, ...points] };
  };
  return chart({
    title: "What is left of accuracy without the smallest weights",
    x: { label: "part of the weights that is 0" }, y: { label: "accuracy" },
    series: [line("pruned", /^pruned\d+$/), line("fine-tuned", /^pruned\d+Tuned$/)],
    legend: "bottom",
  });
}

/** Chapter 6: smaller models. By design, with kernels of 3×3 and shared weights; and afterwards, by pruning weights and by rounding them to int8. */
export const compression = /* @__PURE__ */ defineDataCalculation<DataOf<typeof datasets.mnist>>({
  name: "compression",
  title: "Smaller models: kernels, pruning, int8",
  chapter: 6,
  dataset: "mnist",
  calculate: ({ train, test }, seed) => compress({ train, test: test.take(UNSEEN) }, settings, seed),
});
