// What all streaming metrics have in common, tried with every class that the package exports.
import { StateError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as metrics from "./index.js";
import {
  Accuracy, AveragePrecision, BalancedAccuracy, BestThreshold, Bleu, BoundaryIoU, BrierScore, CalibrationCurve, CharacterErrorRate, ClassificationReport,
  CohenKappa, ConfusionMatrix, Dice, ExpectedCalibrationError, F1Score, FalsePositiveRate, FBeta, FrechetDistance, IoU, JaccardIndex, LogLoss, Mcc,
  MeanAbsoluteError, MeanIoU, MeanSquaredError, Mmd, Perplexity, PixelAccuracy, PrCurve, Precision, PrecisionAtK, Psnr, R2Score, Recall, RocAuc, RocCurve,
  RootMeanSquaredError, RougeL, Specificity, Ssim, ThresholdedBinary, TopKAccuracy, WordErrorRate,
} from "./index.js";

interface Streaming {
  compute(): unknown;
  merge(other: this): this;
  reset(): this;
}

/** One metric: how to make it, and how to give it one item of the data, which a seed stands for. */
interface Entry {
  /** The results of item lists, given to instances as `plan` says. */
  readonly run: (seeds: readonly number[], plan: "whole" | "batches" | "merged" | "merged into nothing" | "after reset", cut: number) => unknown;
  readonly computeEmpty: () => unknown;
  readonly mergeOther: () => unknown;
}

class Other extends metrics.Accuracy {}

function entry<M extends Streaming>(make: () => M, feed: (metric: M, seeds: readonly number[]) => void): Entry {
  const fed = (seeds: readonly number[]): M => {
    const metric = make();
    if (seeds.length > 0) feed(metric, seeds);
    return metric;
  };
  return {
    computeEmpty: () => make().compute(),
    mergeOther: () => make().merge(new Other() as Streaming as M),
    run: (seeds, plan, cut) => {
      const [first, second] = [seeds.slice(0, cut), seeds.slice(cut)];
      if (plan === "whole") return fed(seeds).compute();
      if (plan === "merged") return fed(first).merge(fed(second)).compute();
      if (plan === "merged into nothing") return make().merge(fed(first)).merge(fed(second)).compute();
      const metric = fed(plan === "batches" ? first : [7, 8, 9, ...seeds]);
      if (plan === "after reset") metric.reset();
      const rest = plan === "batches" ? second : seeds;
      if (rest.length > 0) feed(metric, rest);
      return metric.compute();
    },
  };
}

/** A number in [0, 1) that looks random, the same for the same seed and stream. */
const noise = (seed: number, stream = 0): number => {
  const wave = Math.sin(seed * 12.9898 + stream * 78.233) * 43758.5453;
  return wave - Math.floor(wave);
};
const whole = (seed: number, below: number, stream = 0): number => Math.floor(noise(seed, stream) * below);
const several = (seeds: readonly number[], count: number, value: (seed: number, k: number) => number): number[] =>
  seeds.flatMap((seed) => Array.from({ length: count }, (_, k) => value(seed, k)));

interface OfLists extends Streaming {
  update(predicted: number[], target: number[]): unknown;
}
interface OfTranslations extends Streaming {
  update(candidates: string[], references: string[][]): unknown;
}
interface OfTranscripts extends Streaming {
  update(candidates: string[], references: string[]): unknown;
}

const ofLists = (first: (seed: number, k: number) => number, second: (seed: number, k: number) => number, widths: readonly [number, number] = [1, 1]) =>
  (make: () => OfLists): Entry =>
    entry(make, (metric, seeds) => { metric.update(several(seeds, widths[0], first), several(seeds, widths[1], second)); });

const twoClasses = ofLists((seed) => whole(seed, 2), (seed) => whole(seed, 2, 1));
const threeClasses = ofLists((seed) => whole(seed, 3), (seed) => whole(seed, 3, 1));
const scores = ofLists((seed) => whole(seed, 5) / 4, (seed) => seed % 2);
const values = ofLists((seed, k) => noise(seed, k), (seed, k) => noise(seed, k + 50));
const features = ofLists((seed, k) => noise(seed, k), (seed, k) => 2 * noise(seed, k + 50), [2, 2]);
const maps = ofLists((seed, k) => whole(seed, 2, k), (seed, k) => whole(seed, 2, k + 50), [9, 9]);
const tableScores = ofLists((seed, k) => noise(seed, k), (seed) => seed % 3, [3, 1]);
const numClasses = 3;

const sentence = (seed: number): string => Array.from({ length: 5 }, (_, k) => "abc"[whole(seed, 3, k)]).join(" ");
const translated = (make: () => OfTranslations): Entry =>
  entry(make, (metric, seeds) => { metric.update(seeds.map(sentence), seeds.map((seed) => [sentence(seed + 100), sentence(seed + 200)])); });
const transcribed = (make: () => OfTranscripts): Entry =>
  entry(make, (metric, seeds) => { metric.update(seeds.map(sentence), seeds.map((seed) => sentence(seed + 100))); });

const entries: Readonly<Record<string, Entry>> = {
  Accuracy: threeClasses(() => new Accuracy()),
  AveragePrecision: scores(() => new AveragePrecision()),
  BalancedAccuracy: threeClasses(() => new BalancedAccuracy({ numClasses })),
  BestThreshold: scores(() => new BestThreshold({ costFN: 3 })),
  Bleu: translated(() => new Bleu({ smoothing: "addOne" })),
  BoundaryIoU: maps(() => new BoundaryIoU({ shape: [3, 3], numClasses: 2 })),
  BrierScore: scores(() => new BrierScore()),
  CalibrationCurve: scores(() => new CalibrationCurve({ bins: 3 })),
  CharacterErrorRate: transcribed(() => new CharacterErrorRate()),
  ClassificationReport: threeClasses(() => new ClassificationReport({ numClasses })),
  CohenKappa: threeClasses(() => new CohenKappa({ numClasses })),
  ConfusionMatrix: threeClasses(() => new ConfusionMatrix({ numClasses })),
  Dice: threeClasses(() => new Dice({ numClasses })),
  ExpectedCalibrationError: scores(() => new ExpectedCalibrationError()),
  F1Score: twoClasses(() => new F1Score()),
  FBeta: threeClasses(() => new FBeta({ beta: 2, average: "weighted", numClasses })),
  FalsePositiveRate: twoClasses(() => new FalsePositiveRate()),
  FrechetDistance: features(() => new FrechetDistance({ features: 2 })),
  IoU: threeClasses(() => new IoU({ numClasses })),
  JaccardIndex: threeClasses(() => new JaccardIndex({ average: "none", numClasses })),
  LogLoss: scores(() => new LogLoss()),
  Mcc: threeClasses(() => new Mcc({ numClasses })),
  MeanAbsoluteError: values(() => new MeanAbsoluteError()),
  MeanIoU: threeClasses(() => new MeanIoU({ numClasses })),
  MeanSquaredError: values(() => new MeanSquaredError()),
  Mmd: features(() => new Mmd({ features: 2 })),
  Perplexity: entry(() => new Perplexity(), (metric, seeds) => { metric.update(several(seeds, 1, (seed) => -noise(seed))); }),
  PixelAccuracy: threeClasses(() => new PixelAccuracy({ numClasses })),
  PrCurve: scores(() => new PrCurve()),
  Precision: twoClasses(() => new Precision()),
  PrecisionAtK: entry(() => new PrecisionAtK({ k: 2 }), (metric, seeds) => {
    for (const seed of seeds) metric.update(several([seed], 4, noise), several([seed], 4, (own, k) => whole(own, 2, k + 9)));
  }),
  Psnr: values(() => new Psnr()),
  R2Score: values(() => new R2Score()),
  Recall: threeClasses(() => new Recall({ average: "macro", numClasses })),
  RocAuc: tableScores(() => new RocAuc({ numClasses, multiClass: "ovo" })),
  RocCurve: scores(() => new RocCurve()),
  RootMeanSquaredError: values(() => new RootMeanSquaredError()),
  RougeL: translated(() => new RougeL()),
  Specificity: threeClasses(() => new Specificity({ average: "micro", numClasses })),
  Ssim: entry(() => new Ssim({ shape: [5, 5], windowSize: 3 }), (metric, seeds) => {
    for (const seed of seeds) metric.update(several([seed], 25, noise), several([seed], 25, (own, k) => noise(own, k + 50)));
  }),
  ThresholdedBinary: scores(() => new ThresholdedBinary()),
  TopKAccuracy: tableScores(() => new TopKAccuracy({ numClasses, k: 2 })),
  WordErrorRate: transcribed(() => new WordErrorRate()),
};

/** Equal but for rounding: sums in another order. */
function expectSame(actual: unknown, expected: unknown, name: string): void {
  if (typeof expected === "number" && typeof actual === "number") {
    const same = Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected));
    expect(same ? "same" : `${actual} instead of ${expected}`, name).toBe("same");
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(Object(actual) as object), name).toStrictEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) expectSame((actual as Readonly<Record<string, unknown>>)[key], value, `${name}.${key}`);
  } else if (typeof expected !== "function") {
    expect(actual, name).toBe(expected);
  }
}

const isStreaming = (value: unknown): boolean => {
  if (typeof value !== "function") return false;
  const prototype: unknown = value.prototype;
  return typeof prototype === "object" && prototype !== null && ["update", "compute", "merge", "reset"].every((method) => method in prototype);
};

describe("streaming metrics", () => {
  test("every class that streams is in the list", () => {
    const streaming = Object.entries(metrics).filter(([, value]) => isStreaming(value)).map(([name]) => name);
    expect(streaming.sort()).toStrictEqual(Object.keys(entries).sort());
  });

  test("MET-01 batches, merged halves and a second life after reset give what one batch of everything gives", () => {
    // Six seeds in a row have rows of every class.
    const seeds = fc.tuple(fc.nat(1000), fc.array(fc.nat(1000), { maxLength: 8 })).map(([from, more]) => [0, 1, 2, 3, 4, 5].map((i) => from + i).concat(more));
    for (const [name, { run }] of Object.entries(entries)) {
      fc.assert(
        fc.property(seeds, fc.nat(14), (items, cut) => {
          const expected = run(items, "whole", cut);
          for (const plan of ["batches", "merged", "merged into nothing", "after reset"] as const) expectSame(run(items, plan, cut), expected, `${name}, ${plan}`);
        }),
        { numRuns: 40 },
      );
    }
  });

  test.each(Object.keys(entries).filter((name) => name !== "ConfusionMatrix"))("%s says so when nothing was counted, and refuses to merge with another metric", (name) => {
    expect(entries[name].computeEmpty).toThrow(StateError);
    expect(entries[name].mergeOther).toThrow(ValueError);
    expect(entries[name].mergeOther).toThrow(new RegExp(`^${name}\\.merge: got a Accuracy`));
  });

  test("metrics that count with other options do not merge; those that only compute with others do", () => {
    expect(() => new TopKAccuracy({ numClasses: 3, k: 1 }).merge(new TopKAccuracy({ numClasses: 3, k: 2 }))).toThrow(/"k":2.*cannot be added to one with.*"k":1/);
    const one = new FBeta({ beta: 1 }).update([1, 1], [1, 0]);
    expect(new FBeta({ beta: 2 }).merge(one).compute()).toBeCloseTo(5 / 6, 12);
  });

  test("a metric merged into itself counts everything twice", () => {
    const scored = new RocAuc().update([0.1, 0.9], [0, 1]);
    expect(scored.merge(scored).compute()).toBe(1);
    const fit = new R2Score().update([1, 2, 4], [1, 2, 3]);
    expect(fit.merge(fit).compute()).toBeCloseTo(0.5, 12);
  });
});
