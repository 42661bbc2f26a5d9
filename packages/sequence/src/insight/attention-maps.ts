import { noGrad } from "@dl/autograd";
import { evaluating, registerForwardPreHook } from "@dl/nn";
import { isTensor, type Tensor } from "@dl/tensor";
import { planAttention } from "../language-models/attention-plan.js";
import { checkIds } from "../language-models/check-call.js";
import type { GPT } from "../language-models/gpt/gpt.js";

/**
 * Where each token of a text looks, layer by layer and head by head: row t of a map says how much token t attends to tokens 0 … t; its numbers add up to 1.
 *
 *     const maps = attentionMaps(model, ids);
 *     maps[layer].select(0, 0).select(0, head)   // [T, T], of the first text
 *
 * Shapes: ids [N, T] int32 → for each layer [N, heads, T, T]. (Vaswani et al., 2017)
 * @throws ShapeError, DTypeError, ValueError as the model
 */
export function attentionMaps(model: GPT, ids: Tensor): Tensor[] {
  checkIds("attentionMaps", ids);
  const plan = planAttention(ids, 0, null);
  const maps: Tensor[] = [];
  const watches = model.transformer.h.map(({ attn }) =>
    registerForwardPreHook(attn, (_, [x]) => {
      if (isTensor(x)) maps.push(attn.weights(x, plan));
      return undefined;
    }),
  );
  try {
    evaluating(model, () => noGrad(() => model.forward(ids)));
  } finally {
    for (const watch of watches) watch.remove();
  }
  return maps;
}
