import { TensorDataset } from "@dl/data";
import type { TabularData } from "@dl/data";
import { describe, expect, test, vi } from "vitest";
import { discs } from "./convolution/test-photos.js";
import { activations, backpropagation, confusionMatrices, descent, gradient, heldOutData, irisLine, losses, recipes, thresholds } from "./index.js";
import type { Calculation } from "./index.js";

const isCalculation = (recipe: { readonly kind: string }): recipe is Calculation => recipe.kind === "calculation";
/** Three classes of flowers, the third of which touches the second. */
const flowers: TabularData = {
  data: new TensorDataset({
    x: { dtype: "float32", shape: [90, 4], data: Float32Array.from({ length: 360 }, (_, i) => [5, 3, 1.5 + 2 * (i % 3), 0.3 + 0.9 * (i % 3)][i % 4] + Math.sin(i) / 3) },
    y: { dtype: "int32", shape: [90], data: Int32Array.from({ length: 90 }, (_, i) => (4 * i) % 3) },
  }),
  featureNames: ["sepal length", "sepal width", "petal length", "petal width"],
  classNames: ["setosa", "versicolor", "virginica"],
};
/** Captions that tell animals from colours, and a play of one sentence. */
const captions = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? "a dog running with a man" : "red and blue and green shirts"));
const language = { multi30k: { train: { en: captions } }, tinyshakespeare: { text: "to be or not to be, that is the question.\n".repeat(20) } };
const samples: Readonly<Record<string, unknown>> = { iris: flowers, photos: discs, ...language };
const needed = ({ dataset }: Calculation): { readonly data?: unknown } => (dataset === undefined ? {} : { data: samples[dataset] });

/** They train for minutes on data of their own; tests of theirs do the same with less. */
const isLong = ({ name, dataset }: Calculation): boolean => ["grad-cam", "segmenters"].includes(name) || dataset === "mnist";

const all: readonly (readonly [string, Calculation])[] = Object.entries(recipes.recipes).flatMap(([name, recipe]) => (isCalculation(recipe) ? [[name, recipe] as const] : []));

test.each(all)("%s is registered under its name", (name, recipe) => {
  expect(recipe.name).toBe(name);
});

describe.each(all.filter(([, recipe]) => !isLong(recipe)))("%s", (_, recipe) => {
  test("finds the same again", async () => {
    const [first, second] = [await recipe.calculate({ seed: 1, ...needed(recipe) }), await recipe.calculate({ seed: 1, ...needed(recipe) })];
    expect(second).toStrictEqual(first);
    expect(first.text.length).toBeGreaterThan(0);
    for (const value of Object.values(first.numbers)) expect(value).toBeTypeOf("number");
    for (const svg of Object.values(first.figures)) expect(svg).toMatch(/^<svg [^>]*role="img"/);
  });

  test("refuses unknown options", async () => {
    await expect(recipe.calculate({ speed: 1 } as never)).rejects.toThrow('unknown option "speed". Did you mean "seed"?');
  });
});

test("a calculation on a data set says which one it needs", async () => {
  await expect(irisLine.calculate()).rejects.toThrow('iris-line: it needs the data set iris. Give it as data: await loadDataset(datasets["iris"])');
  await expect(gradient.calculate({ data: flowers })).rejects.toThrow('unknown option "data"');
});

test("OPT-06 the gradient of 3x² + xy at (3, 4) is [22, 3]", async () => {
  const { numbers } = await gradient.calculate();
  expect(numbers).toMatchObject({ f: 39, dx: 22, dy: 3 });
  expect(numbers.slope).toBeCloseTo(22, 6);
  expect(numbers.after).toBeLessThan(39);
});

test("OPT-08 every node of (a + b)(b + 1) has its value and its gradient, in the picture too", async () => {
  const { numbers, figures, text } = await backpropagation.calculate();
  expect(numbers).toEqual({ a: 2, b: 3, c: 5, d: 4, e: 20, dA: 4, dB: 9, dC: 4, dD: 5, dE: 1 });
  for (const label of ["∂e/∂a = 4", "∂e/∂b = 9", "∂e/∂c = 4", "∂e/∂d = 5"]) {
    expect(figures.graph).toContain(`>${label}<`);
    expect(text.join("\n")).toContain(label);
  }
  expect(figures.graph.match(/marker-end/g)).toHaveLength(5);
});

test("OPT-02, OPT-03, OPT-04, OPT-05 losses of the course's examples", async () => {
  const { numbers } = await losses.calculate();
  const expected = { mse: 0.375, mae: 0.5, huber: 0.1875, huberHalf: 0.15625, crossEntropy: 0.41703, binaryCrossEntropy: 1.4100376, hinge: 1.1666667, multiMargin: 0.325 };
  for (const [name, value] of Object.entries(expected)) expect(numbers[name], name).toBeCloseTo(value, 6);
});

test("OPT-06, MLP-05, MLP-06 the third steps of descent, momentum and Nesterov; momentum needs less than half of the steps", async () => {
  const { numbers } = await descent.calculate();
  const expected = { descentW0: 0.125, descentW1: 0.857375, momentumW0: -0.73, momentumW1: 0.731375, nesterovW0: -0.404875, nesterovW1: 0.631462625 };
  for (const [name, value] of Object.entries(expected)) expect(numbers[name], name).toBeCloseTo(value, 6);
  expect(numbers.momentum).toBeLessThan(numbers.descent / 2);
  expect(numbers.nesterov).toBeLessThan(numbers.descent / 2);
});

test("LIN-05 without activation functions exclusive or stays out of reach", async () => {
  const { numbers } = await activations.calculate();
  expect(numbers.linearAccuracy).toBeLessThanOrEqual(0.75);
  expect(numbers.bentAccuracy).toBe(1);
  expect(numbers.foldedParameters).toBe(3);
});

test("MET-02, MET-06, MET-07 the course's confusion matrices: 27/35 and 8/35; 97 % that find no truck and no bicycle", async () => {
  const { numbers, text } = await confusionMatrices.calculate();
  const expected = {
    accuracy: 27 / 35, errorRate: 8 / 35, truckRecall: 12 / 14, truckPrecision: 0.8, macroF1: 0.7639003,
    misleadingAccuracy: 1000 / 1030, carRecall: 1000 / 1010, bicycleRecall: 0, missedTruckRecall: 0, balancedAccuracy: 0.330033,
  };
  for (const [name, value] of Object.entries(expected)) expect(numbers[name], name).toBeCloseTo(value, 6);
  expect(text.join("\n")).toContain("class truck is never found (recall 0)");
});

test("MET-04, MET-09 what mistakes cost moves the threshold", async () => {
  const { numbers } = await thresholds.calculate({ seed: 3 });
  expect(numbers.auc).toBeGreaterThan(0.8);
  expect(numbers.auc).toBeLessThan(0.95);
  expect(numbers.cautious).toBeLessThan(numbers.thrifty);
});

test("MLP-03 the validation set chooses among the models, and the test set is read once", async () => {
  const batch = vi.spyOn(TensorDataset.prototype, "batch");
  const { numbers } = await heldOutData.calculate({ seed: 1 });
  const reads = new Map<unknown, number>();
  for (const part of batch.mock.contexts) reads.set(part, (reads.get(part) ?? 0) + 1);
  batch.mockRestore();
  // Of 600 samples, 300 are to fit; the other two parts are read in one batch: one for each model, the other once.
  expect([...reads.keys()].map((part) => (part instanceof TensorDataset ? part.length : NaN)).toSorted((a, b) => a - b)).toEqual([150, 150, 300]);
  expect([...reads.values()].toSorted((a, b) => a - b).slice(0, 2)).toEqual([1, 5]);
  expect(numbers.test).toBeGreaterThan(0.88);
  expect(numbers.validation).toBeGreaterThan(numbers.narrowest);
});
