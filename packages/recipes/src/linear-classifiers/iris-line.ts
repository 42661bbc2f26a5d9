import { backward } from "@dl/autograd";
import type { TabularData } from "@dl/data";
import { chart } from "@dl/figures";
import type { Point } from "@dl/figures";
import { SGD, bceWithLogits, hingeLoss } from "@dl/nn";
import { Generator } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { defineDataCalculation } from "../define-calculation.js";
import { irisPetals, irisScatter } from "./iris-data.js";
import { LinearClassifier } from "./linear-classifier.js";
import { isLinearlySeparable } from "./separability.js";

/** What is made small, of z = w·x + b and the class y of each point, 0 or 1. */
export const lineLosses = {
  // mean max(0, −s·z), s = ±1 for the class: nothing is left to learn as soon as every point is on its side.
  perceptron: (z: Tensor, y: Tensor): Tensor => z.mul(signs(y)).neg().relu().mean(),
  // mean max(0, 1 − s·z): on its side is not enough, the points keep a distance.
  hinge: (z: Tensor, y: Tensor): Tensor => hingeLoss(z, signs(y)),
  // mean −ln p(y), p = σ(z): the probability of the right class grows for ever.
  logistic: (z: Tensor, y: Tensor): Tensor => bceWithLogits(z, y),
};

const signs = (y: Tensor): Tensor => y.mul(2).sub(1);

export type LineLoss = (typeof lineLosses)[keyof typeof lineLosses];

/** One step against the gradient of the loss of all points. */
export function learnLine(classifier: LinearClassifier, optimizer: SGD, lossOf: LineLoss, x: Tensor, y: Tensor): void {
  const loss = lossOf(classifier.decisionFunction(x), y);
  optimizer.zeroGrad();
  backward(loss);
  optimizer.step();
}

/** The points where n·x = d, n being the direction of w and d = −b / ‖w‖, from one x₀ to another. */
export function lineOf({ weightNormal, offset }: LinearClassifier, ends: readonly number[] = [0, 7]): Point[] {
  const [[n0, n1], d] = [weightNormal.dataSync(), offset.item()];
  return ends.map((x0) => [x0, (d - n0 * x0) / n1] as const);
}

/** The share of points on the right side of the line, and how far the nearest one is from it. */
export const judgeLine = (classifier: LinearClassifier, x: Tensor, y: Tensor): { readonly accuracy: number; readonly nearest: number } => ({
  accuracy: classifier.predict(x).eq(y).to("float32").mean().item(),
  // |w·x + b| / ‖w‖
  nearest: classifier.distance(x).abs().min().item(),
});

/** Chapter 2: z = w·x + b is positive on one side of a line and negative on the other. Three losses find three lines. */
export const irisLine = /* @__PURE__ */ defineDataCalculation<TabularData>({
  name: "iris-line",
  title: "A line between two kinds of flowers",
  chapter: 2,
  dataset: "iris",
  calculate: async (iris, seed) => {
    const { x, y } = await irisPetals(iris, [0, 1]);
    const found = Object.entries(lineLosses).map(([name, lossOf]) => {
      const classifier = new LinearClassifier(2, { generator: new Generator(seed) });
      const optimizer = new SGD(classifier.parameters(), { lr: 0.1 });
      for (let step = 0; step < 500; step++) learnLine(classifier, optimizer, lossOf, x, y);
      return { name, ...judgeLine(classifier, x, y), line: lineOf(classifier), normal: classifier.weightNormal.dataSync() };
    });
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    return {
      text: found.map(({ name, accuracy, nearest, normal }) => `${name.padEnd(10)} ${percent(accuracy)} right, normal (${[...normal].map((value) => value.toFixed(2)).join(", ")}), nearest point at ${nearest.toFixed(2)} cm`),
      numbers: {
        separable: Number(await isLinearlySeparable(x, y)),
        ...Object.fromEntries(found.flatMap(({ name, accuracy, nearest }) => [[`${name}Accuracy`, accuracy], [`${name}Nearest`, nearest]])),
      },
      figures: {
        lines: chart({ title: "Iris: three lines that separate setosa from versicolor", ...irisScatter(x, y, iris.classNames.slice(0, 2), found.map(({ name, line }) => ({ name, points: line }))) }),
      },
    };
  },
});
