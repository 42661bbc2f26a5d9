import { gather, indexSelect, logSoftmax, onesLike, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { OnnxNode, Operators } from "./node.js";

/** −weight[label]·logProbability[label] of every position; classes are dim 1. The mean is over the weights that count. */
function negativeLogLikelihood(node: OnnxNode, logProbability: Tensor): Tensor {
  const [target, weight] = [node.input(1), node.optional(2)];
  const ignored = node.optionalNumber("ignore_index");
  const counts = ignored === undefined ? onesLike(target).to("bool") : target.ne(ignored);
  const label = where(counts, target, 0);
  const picked = where(counts, gather(logProbability, 1, label.unsqueeze(1)).squeeze(1), 0);
  const perLabel = weight === undefined ? 1 : indexSelect(weight, 0, label.flatten()).reshape(label.shape);
  const weights = counts.to(picked.dtype).mul(perLabel);
  const losses = picked.neg().mul(weights);
  const reduction = node.text("reduction", "mean");
  if (reduction === "none") return losses;
  return reduction === "sum" ? losses.sum() : losses.sum().div(weights.sum());
}

export const losses: Operators = {
  NegativeLogLikelihoodLoss: (node) => negativeLogLikelihood(node, node.input()),
  SoftmaxCrossEntropyLoss: (node) => {
    const logProbability = logSoftmax(node.input(), 1);
    return [negativeLogLikelihood(node, logProbability), logProbability];
  },
};
