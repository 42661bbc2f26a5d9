import { backward, noGrad } from "@dl/autograd";
import { stratifiedSplit } from "@dl/data";
import type { TabularData } from "@dl/data";
import { chart } from "@dl/figures";
import { ConfusionMatrix } from "@dl/metrics";
import { Adam, Linear, crossEntropy } from "@dl/nn";
import { Generator } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { defineDataCalculation } from "../define-calculation.js";
import { bordersOf, irisPetals, irisScatter } from "./iris-data.js";

const SPLITS = 5;

/** Softmax regression: z = Wx + b with a row of W for each class, p = softmax(z), and the loss −ln p of the right class. */
function fit(x: Tensor, y: Tensor, classes: number, seed: number): Linear {
  const model = new Linear(x.shape[1], classes, { generator: new Generator(seed) });
  const optimizer = new Adam(model.parameters(), { lr: 0.1 });
  for (let step = 0; step < 300; step++) {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
  }
  return model;
}

/** Chapter 2: one line for each class, z = Wx + b, and the class with the largest z wins. */
export const iris = /* @__PURE__ */ defineDataCalculation<TabularData>({
  name: "iris",
  title: "Three kinds of flowers, three straight borders",
  chapter: 2,
  dataset: "iris",
  calculate: async ({ data, classNames }, seed) => {
    const labels = await data.y.data();
    const matrix = new ConfusionMatrix({ numClasses: classNames.length, labels: classNames });
    for (let split = 0; split < SPLITS; split++) {
      // A third of each class is kept apart to judge by, another one each time.
      const [train, unseen] = stratifiedSplit(data, labels, [2 / 3, 1 / 3], { seed: seed + split });
      const model = fit(train.x, train.y, classNames.length, seed);
      matrix.update(await noGrad(() => model.forward(unseen.x).argmax(1)).data(), await unseen.y.data());
    }
    const { accuracy } = matrix.report();

    const flowers = await irisPetals({ data, classNames, featureNames: [] }, [0, 1, 2]);
    const byPetals = fit(flowers.x, flowers.y.to("int32"), classNames.length, seed);
    return {
      text: [`${SPLITS} splits: ${(100 * accuracy).toFixed(1)} % of the flowers that the training did not see`, "", matrix.toString()],
      numbers: { accuracy },
      figures: {
        "confusion-matrix": matrix.toSvg(),
        borders: chart({ title: "Iris: softmax regression on two lengths", ...irisScatter(flowers.x, flowers.y, classNames, bordersOf(byPetals, classNames)) }),
      },
    };
  },
});
