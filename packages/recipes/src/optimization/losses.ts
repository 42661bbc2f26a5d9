import { chart } from "@dl/figures";
import { bceWithLogits, crossEntropy, hingeLoss, huberLoss, l1Loss, mseLoss, multiMarginLoss } from "@dl/nn";
import { tensor } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

/** Chapter 1: what a loss makes of an error. Squares punish outliers most, Huber's loss grows like a square and then like a line. */
export const losses = /* @__PURE__ */ defineCalculation({
  name: "losses",
  title: "Loss functions compared",
  chapter: 1,
  calculate: () => {
    const [predicted, actual] = [tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7])];
    const [logits, label] = [tensor([[2, 1, 0.1]]), tensor(Int32Array.of(0))];
    const numbers = {
      // MSE = (1/n) Σ (y − ŷ)²,  MAE = (1/n) Σ |y − ŷ|
      mse: mseLoss(predicted, actual).item(),
      mae: l1Loss(predicted, actual).item(),
      // Huber: ½r² where |r| ≤ δ, otherwise δ(|r| − δ/2)
      huber: huberLoss(predicted, actual).item(),
      huberHalf: huberLoss(predicted, actual, { delta: 0.5 }).item(),
      // Cross-entropy = −log softmax(z)ₖ of the right class k
      crossEntropy: crossEntropy(logits, label).item(),
      binaryCrossEntropy: bceWithLogits(tensor([0, 2]), tensor([1, 0])).item(),
      // Hinge = max(0, 1 − y·z) with y = ±1
      hinge: hingeLoss(tensor([0.5, -1.2, 2]), tensor([1, -1, -1])).item(),
      multiMargin: multiMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), tensor(Int32Array.of(3))).item(),
    };

    const residuals = Array.from({ length: 121 }, (_, i) => -3 + i * 0.05);
    const zero = tensor(residuals.map(() => 0));
    const curve = (name: string, values: ArrayLike<number>) => ({ name, points: residuals.map((r, i) => [r, values[i]] as const) });
    const each = { reduction: "none" } as const;
    const errors = tensor(residuals);
    const regression = chart({
      title: "Losses of an error",
      x: { label: "predicted − actual" },
      y: { label: "loss", domain: [0, 5] },
      series: [
        curve("squared", mseLoss(errors, zero, each).dataSync()),
        curve("absolute", l1Loss(errors, zero, each).dataSync()),
        curve("Huber, δ = 1", huberLoss(errors, zero, each).dataSync()),
      ],
    });
    return {
      text: Object.entries(numbers).map(([name, value]) => `${name.padEnd(20)} ${value.toFixed(7)}`),
      numbers,
      figures: { regression },
    };
  },
});
