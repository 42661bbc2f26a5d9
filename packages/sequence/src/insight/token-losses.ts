import { noGrad } from "@dl/autograd";
import { Module, crossEntropy, evaluating } from "@dl/nn";
import { ShapeError } from "@dl/registry";
import { showShape, type Tensor } from "@dl/tensor";
import { checkIds } from "../language-models/check-call.js";
import type { LanguageModel } from "../language-models/language-model.js";

/**
 * How much each token surprises a language model, −ln P(token | all before it), in nats; the first one of a text is not predicted.
 * Shapes: ids [N, T] int32 → [N, T − 1], for the tokens from the second one on. (Shannon, 1948)
 * @throws ShapeError, DTypeError unless ids are int32 [N, T] with T of at least 2, and what the model throws
 */
export function tokenLosses(model: LanguageModel, ids: Tensor): Tensor {
  checkIds("tokenLosses", ids);
  const [count, steps] = ids.shape;
  if (steps < 2) throw new ShapeError("tokenLosses", `the ids have shape ${showShape(ids.shape)}, and none has one before it`, "Give at least two ids in each row", { shape: ids.shape });
  const losses = (): Tensor => noGrad(() => {
    const logits = model.forward(ids.slice(1, 0, steps - 1));
    return crossEntropy(logits.flatten(0, 1), ids.slice(1, 1).flatten(), { reduction: "none" }).reshape([count, steps - 1]);
  });
  return model instanceof Module ? evaluating(model, losses) : losses();
}
