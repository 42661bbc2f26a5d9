import type { Numbers } from "./run.js";

/** A figure that a recipe has to reach, told from what its runs found. */
export interface Goal {
  readonly what: string;
  readonly value: (results: readonly Numbers[]) => number;
  /** Bounds, both included. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Runs of the `dl` command, and what has to come out of them. */
export interface Check {
  readonly name: string;
  readonly runs: readonly (readonly string[])[];
  readonly goals: readonly Goal[];
}

const first = (name: string) => ([own]: readonly Numbers[]): number => own[name];
const atLeast = (name: string, bound: number): Goal => ({ what: name, value: first(name), atLeast: bound });
const atMost = (name: string, bound: number): Goal => ({ what: name, value: first(name), atMost: bound });
/** How long the first run took, on a machine that has nothing else to do. */
const within = (minutes: number): Goal => ({ what: "minutes", value: ([{ seconds }]) => seconds / 60, atMost: minutes });

/** Of an odd number of values. */
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

const train = (recipe: string, name: string, ...flags: readonly string[]): string[] => ["train", recipe, "--out", `runs/verify/${name}`, ...flags];
const remedies = ["simpler", "augmentation", "dropout", "batchNorm", "earlyStopping", "moreData"];
const seeds = ["0", "1", "2"];
const accuracies = (results: readonly Numbers[]): number[] => results.map(({ testAccuracy }) => testAccuracy);

/** Everything that `pnpm recipes:verify` trains in full. */
export const checks: readonly Check[] = [
  { name: "digits-cnn", runs: [train("digits-cnn", "digits-cnn", "--data", "mnist", "--epochs", "4")], goals: [atLeast("testAccuracy", 0.992)] },
  { name: "fashion-cnn", runs: [train("fashion-cnn", "fashion-cnn", "--data", "fashion-mnist-start")], goals: [{ ...atLeast("testAccuracy", 0.853), what: "testAccuracy, an SVM has 0.853" }] },
  {
    name: "cifar-resnet",
    runs: ["on", "off"].flatMap((augmentation) => seeds.map((seed) => train("cifar-resnet", `cifar-resnet-${augmentation}-${seed}`, "--data", "cifar10-start", "--epochs", "45", "--augmentation", augmentation, "--seed", seed))),
    goals: [
      { what: "testAccuracy, median of 3 seeds", value: (results) => median(accuracies(results.slice(0, 3))), atLeast: 0.5 },
      { what: "points by augmentation, medians of 3 seeds", value: (results) => 100 * (median(accuracies(results.slice(0, 3))) - median(accuracies(results.slice(3)))), atLeast: 5 },
    ],
  },
  { name: "isbi-unet", runs: [train("isbi-unet", "isbi-unet")], goals: [atLeast("pixelAccuracy", 0.92), within(15)] },
  {
    name: "shapes-segmentation",
    runs: ["u-net", "no-skips"].map((net) => train("shapes-segmentation", `shapes-segmentation-${net}`, "--net", net)),
    goals: [atLeast("mIoU", 0.9), within(3), { what: "boundary IoU lost without skips", value: ([whole, without]) => whole.boundaryIoU - without.boundaryIoU, atLeast: 0.005 }],
  },
  { name: "unet3d-spheres", runs: [train("unet3d-spheres", "unet3d-spheres")], goals: [atLeast("foregroundIoU", 0.8)] },
  { name: "grad-cam", runs: [["run", "grad-cam"]], goals: [atLeast("heatInQuadrant", 0.9)] },
  { name: "finetune", runs: [["run", "finetune"]], goals: [{ what: "points above scratch, median of 5 seeds", value: ([{ scratch, all, head, upper }]) => 100 * (Math.max(all, head, upper) - scratch), atLeast: 5 }] },
  { name: "segmenters", runs: [["run", "segmenters"]], goals: [{ what: "times U-Net's time for patches", value: first("timeRatio"), atLeast: 2 }] },
  {
    name: "overfitting-ablation",
    runs: [["run", "overfitting-ablation"]],
    goals: [{ what: "remedies that shrink the gap, of 6", value: ([own]) => remedies.filter((name) => own[`${name}Gap`] < own.baselineGap).length, atLeast: 6 }],
  },
  {
    name: "compression",
    runs: [["run", "compression"]],
    goals: [
      { what: "points lost with half of the weights", value: ([own]) => 100 * (own.originalAccuracy - own.pruned50Accuracy), atMost: 1 },
      { what: "points lost in int8", value: ([own]) => 100 * (own.originalAccuracy - own.dynamicInt8Accuracy), atMost: 1 },
      { what: "times smaller file in int8", value: ([own]) => own.originalBytes / own.dynamicInt8Bytes, atLeast: 3.8 },
    ],
  },
  { name: "shakespeare-gpt", runs: [train("shakespeare-gpt", "shakespeare-gpt")], goals: [atMost("valLoss", 1.92)] },
  { name: "char-rnn", runs: [train("char-rnn", "char-rnn")], goals: [atMost("valLoss", 1.75), within(15)] },
  { name: "names", runs: [train("names", "names")], goals: [atMost("valLoss", 2.05)] },
  {
    name: "sentiment-mr",
    runs: ["mr", "sst-2"].map((data) => train("sentiment-mr", `sentiment-${data}`, "--data", data)),
    goals: [{ ...atLeast("testAccuracy", 0.74), what: "testAccuracy on MR" }, { what: "testAccuracy on SST-2", value: ([, sst]) => sst.testAccuracy, atLeast: 0.8 }],
  },
  { name: "trec-cnn", runs: [train("trec-cnn", "trec-cnn")], goals: [atLeast("testAccuracy", 0.88)] },
  {
    name: "agnews-charcnn",
    runs: ["words", "characters"].map((tokens) => train("agnews-charcnn", `agnews-${tokens}`, "--tokens", tokens)),
    goals: [{ what: "testAccuracy of the better one", value: (results) => Math.max(...accuracies(results)), atLeast: 0.84 }],
  },
  {
    name: "translate-toy",
    runs: ["transformer", "rnn"].map((net) => train("translate-toy", `translate-toy-${net}`, "--net", net)),
    goals: [{ what: "exact matches of the worse one", value: (results) => Math.min(...results.map(({ exactMatch }) => exactMatch)), atLeast: 0.95 }],
  },
  { name: "translate-enfr", runs: [train("translate-enfr", "translate-enfr")], goals: [{ ...atLeast("bleu", 0.25), what: "bleu, a dictionary has 0.14" }] },
  { name: "personality", runs: [train("personality", "personality")], goals: [{ ...atLeast("r2Least", 0.9), what: "R² of the trait that is known worst" }] },
  {
    name: "adding-problem",
    runs: [train("adding-problem", "adding-lstm"), train("adding-problem", "adding-gru", "--cell", "gru"), train("adding-problem", "adding-rnn", "--cell", "rnn", "--lr", "0.001")],
    goals: [
      { what: "mean squared error of the worse one with gates", value: ([lstm, gru]) => Math.max(lstm.testMSE, gru.testMSE), atMost: 0.01 },
      { what: "mean squared error of Elman's cell", value: ([, , rnn]) => rnn.testMSE, atLeast: 0.1 },
    ],
  },
  { name: "caption-shapes", runs: [train("caption-shapes", "caption-shapes")], goals: [atLeast("exactMatch", 0.95)] },
];
