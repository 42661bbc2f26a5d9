import { backward, noGrad } from "@dl/autograd";
import { datasets, stratifiedKFold } from "@dl/data";
import { dataDir, loadDataset } from "@dl/data/node";
import { accuracy } from "@dl/metrics";
import { Adam, Linear, crossEntropy } from "@dl/nn";
import { Generator, std } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { expect, test } from "vitest";

/** Multinomial logistic regression on standardised features, with the penalty of scikit-learn's default: ½‖W‖² over the sum of losses. */
function fit(x: Tensor, y: Tensor, numClasses: number): Linear {
  const [count, features] = x.shape;
  const model = new Linear(features, numClasses, { generator: new Generator(0) });
  const optimizer = new Adam(model.parameters(), { lr: 0.1, weightDecay: 1 / count });
  for (let step = 0; step < 300; step++) {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
  }
  return model;
}

/** The mean accuracy of five folds, each of which is unseen once. */
async function crossValidated(name: "iris" | "wine" | "breast-cancer" | "digits-8x8"): Promise<number> {
  const { data, classNames } = await loadDataset(datasets[name], { dir: dataDir() });
  const labels = await data.y.data();
  const scores: number[] = [];
  for (const { train, test: unseen } of stratifiedKFold(labels, { folds: 5, shuffle: true, seed: 0 })) {
    const [seen, rest] = [data.batch(train), data.batch(unseen)];
    // What the test fold looks like is not known yet: mean and deviation are the training fold's.
    const [mean, deviation] = [seen.x.mean(0), std(seen.x, 0).add(1e-6)];
    const standardised = (x: Tensor): Tensor => x.sub(mean).div(deviation);
    const model = fit(standardised(seen.x), seen.y, classNames.length);
    const predicted = noGrad(() => model.forward(standardised(rest.x)).argmax(1));
    scores.push(accuracy(await predicted.data(), await rest.y.data()));
  }
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

test.each([["iris", 0.96], ["wine", 0.983], ["breast-cancer", 0.979], ["digits-8x8", 0.969]] as const)(
  "LIN-03 logistic regression on %s by five-fold cross-validation is as accurate as scikit-learn's, %d ± 0.01",
  async (name, anchor) => {
    expect(Math.abs((await crossValidated(name)) - anchor)).toBeLessThanOrEqual(0.01);
  },
);
