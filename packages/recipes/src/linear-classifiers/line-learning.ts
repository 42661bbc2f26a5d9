import { backward } from "@dl/autograd";
import type { Point } from "@dl/figures";
import { bceWithLogits, hingeLoss } from "@dl/nn";
import type { SGD } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import type { LinearClassifier } from "./linear-classifier.js";

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
