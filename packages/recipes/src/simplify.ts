import { Linear, Sequential } from "@dl/nn";
import type { Chain, TensorModule } from "@dl/nn";
import { noGrad } from "@dl/autograd";
import { zeros } from "@dl/tensor";

/** A subclass may compute something else, so it is left alone. */
const isLinear = (module: TensorModule | undefined): module is Linear => module?.constructor === Linear;

/** second(first(x)) as one layer: W = W₂W₁, b = W₂b₁ + b₂. */
function fold(first: Linear, second: Linear): Linear {
  const { dtype } = first.weight;
  const bias = first.bias !== null || second.bias !== null;
  const folded = new Linear(first.inFeatures, second.outFeatures, { bias, dtype });
  noGrad(() => {
    const carried = first.bias === null ? zeros([second.outFeatures], { dtype }) : second.weight.matmul(first.bias.unsqueeze(1)).squeeze(1);
    folded.loadStateDict({
      weight: second.weight.matmul(first.weight),
      ...(bias ? { bias: second.bias === null ? carried : carried.add(second.bias) } : {}),
    });
  });
  return folded;
}

/**
 * The same function with neighbouring affine layers folded into one: W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂).
 * A stack of affine layers without non-linearities becomes a single layer; that is all such a stack can do.
 * Layers that were not folded are shared with `model`, which is left as it is.
 */
export function simplify(model: Chain): Sequential {
  const layers: TensorModule[] = [];
  for (const layer of model) {
    const last = layers.at(-1);
    if (isLinear(last) && isLinear(layer)) layers[layers.length - 1] = fold(last, layer);
    else layers.push(layer);
  }
  return new Sequential(...layers);
}
