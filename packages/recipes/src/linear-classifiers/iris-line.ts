import type { TabularData } from "@dl/data";
import { chart } from "@dl/figures";
import { SGD } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { defineDataCalculation } from "../define-calculation.js";
import { irisPetals, irisScatter } from "./iris-data.js";
import { judgeLine, learnLine, lineLosses, lineOf } from "./line-learning.js";
import { LinearClassifier } from "./linear-classifier.js";
import { isLinearlySeparable } from "./separability.js";

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
