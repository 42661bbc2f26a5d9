// Metrics against scikit-learn, scikit-image, NLTK and SciPy.
import {
  accuracy, averagePrecision, balancedAccuracy, bleu, boundaryIoU, brierScore, calibrationCurve, characterErrorRate, classificationReport,
  cohenKappa, dice, f1Score, fBeta, frechetDistance, iou, jaccardIndex, logLoss, mcc, meanAbsoluteError, meanIoU, meanSquaredError, mmd,
  pixelAccuracy, prCurve, precision, psnr, r2Score, recall, rocAuc, rocCurve, rootMeanSquaredError, ssim, topKAccuracy, wordErrorRate,
} from "@dl/metrics";
import type { BleuOptions, BoundaryIoUOptions, FBetaOptions, MmdOptions, RocAucOptions, SsimOptions } from "@dl/metrics";
import { describe, expect, test } from "vitest";
import { readFixture } from "./fixture.js";

/** Options as the script wrote them: each check has those of its function, and `average` is one that the function knows. */
type Options = FBetaOptions<"macro"> & RocAucOptions & BleuOptions & SsimOptions & BoundaryIoUOptions & MmdOptions & { readonly text: string };

interface Check {
  readonly name: string;
  readonly options: Options;
  readonly outputs: Readonly<Record<string, readonly (number | null)[]>>;
}

interface Stored {
  readonly checks: readonly Check[];
  readonly candidates: readonly string[];
  readonly references: readonly (readonly string[])[];
}

interface Inputs extends Stored {
  readonly arrays: Readonly<Record<string, ArrayLike<number>>>;
}

type Result = number | readonly number[] | Readonly<Record<string, readonly number[]>>;
type Run = (inputs: Inputs, options: Options) => Result;
type Pair = (first: ArrayLike<number>, second: ArrayLike<number>, options: Options) => Result;

const of = (first: string, second: string, run: Pair): Run => ({ arrays }, options) => run(arrays[first], arrays[second], options);
const labels = (run: Pair): Run => of("predicted", "target", run);
const scores = (run: Pair): Run => of("scores", "labels", run);
const firsts = ({ references }: Inputs): string[] => references.map(([reference]) => reference);

const runs: Readonly<Record<string, Run>> = {
  precision: labels(precision), recall: labels(recall), f1Score: labels(f1Score), fBeta: labels(fBeta), jaccardIndex: labels(jaccardIndex),
  accuracy: labels(accuracy), balancedAccuracy: labels(balancedAccuracy), mcc: labels(mcc), cohenKappa: labels(cohenKappa),
  topKAccuracy: scores(topKAccuracy),
  rocCurve: scores((s, y) => ({ ...rocCurve(s, y) })), prCurve: scores((s, y) => ({ ...prCurve(s, y) })),
  rocAuc: scores(rocAuc), averagePrecision: scores(averagePrecision), logLoss: scores(logLoss), brierScore: scores(brierScore),
  calibrationCurve: scores((p, y, options) => ({ ...calibrationCurve(p, y, options) })),
  r2Score: labels(r2Score), meanAbsoluteError: labels(meanAbsoluteError), meanSquaredError: labels(meanSquaredError),
  rootMeanSquaredError: labels(rootMeanSquaredError),
  boundaryIoU: labels(boundaryIoU), iou: labels(iou), meanIoU: labels(meanIoU), dice: labels(dice), pixelAccuracy: labels(pixelAccuracy),
  bleu: ({ candidates, references }, options) => bleu(candidates, references, options),
  wordErrorRate: (inputs) => wordErrorRate(inputs.candidates, firsts(inputs)),
  characterErrorRate: (inputs) => characterErrorRate(inputs.candidates, firsts(inputs)),
  psnr: of("image", "reference", psnr), ssim: of("image", "reference", ssim),
  mmd: of("x", "y", mmd), frechetDistance: of("x", "y", frechetDistance),
};

/** SciPy's square root of a matrix that is not symmetric rounds more than ours. */
const tolerances: Readonly<Record<string, number>> = { frechetDistance: 1e-9 };
const rows: Readonly<Record<string, string>> = {
  accuracy: "MET-02 ", topKAccuracy: "MET-02 ", rocCurve: "MET-04 ", prCurve: "MET-04 ", rocAuc: "MET-04 ", averagePrecision: "MET-04 ",
  precision: "MET-05 ", recall: "MET-05 ", balancedAccuracy: "MET-07 ", f1Score: "MET-08 ", fBeta: "MET-08 ",
  jaccardIndex: "SEG-01 ", iou: "SEG-01 ", meanIoU: "SEG-01 ", dice: "SEG-01 ",
};

const named = (result: Result): Readonly<Record<string, readonly number[]>> =>
  typeof result === "number" ? { result: [result] } : Array.isArray(result) ? { result } : (result as Readonly<Record<string, readonly number[]>>);

function expectEqual(actual: readonly number[], expected: readonly (number | null)[], tolerance: number, what: string): void {
  expect(actual, what).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    const near = value === null ? Number.isNaN(actual[i]) : Math.abs(actual[i] - value) <= tolerance * Math.max(1, Math.abs(value));
    expect(near ? "equal" : `${actual[i]} instead of ${value} at position ${i}`, what).toBe("equal");
  });
}

const cases = readFixture<Stored>("metrics").map(({ options, tensors }): Inputs => ({
  ...options,
  arrays: Object.fromEntries(Object.entries(tensors).map(([key, value]) => [key, value.dataSync()])),
}));
const checks = cases.flatMap((inputs) => inputs.checks.map((check) => ({ ...check, inputs })));
const TEXT = "classificationReport";

describe("metrics equal scikit-learn's, scikit-image's, NLTK's and SciPy's", () => {
  test("every metric here has cases", () => {
    expect([...new Set(checks.map(({ name }) => name))].sort()).toEqual([...Object.keys(runs), TEXT].sort());
  });

  test("MET-04 a hundred sets of scores, half of them with many ties", () => {
    expect(checks.filter(({ name }) => name === "rocCurve")).toHaveLength(100);
    expect(checks.filter(({ name, options }) => name === "rocAuc" && Object.keys(options).length === 0)).toHaveLength(100);
  });

  test.each(Object.keys(runs).map((name) => [`${rows[name] ?? ""}${name}`, name] as const))("%s", (_, name) => {
    const own = checks.filter((check) => check.name === name);
    expect(own.length).toBeGreaterThan(3);
    for (const { options, outputs, inputs } of own) {
      const result = named(runs[name](inputs, options));
      for (const [key, expected] of Object.entries(outputs)) expectEqual(result[key], expected, tolerances[name] ?? 1e-12, `${name} ${JSON.stringify(options)}, ${key}`);
    }
  });

  test("MET-06 classificationReport, letter by letter", () => {
    const [{ options: { text, ...options }, inputs }] = checks.filter(({ name }) => name === TEXT);
    expect(String(classificationReport(inputs.arrays.predicted, inputs.arrays.target, options))).toBe(text);
  });
});
