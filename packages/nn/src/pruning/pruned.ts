import { ShapeError, ValueError } from "@dl/registry";
import { ones, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { TensorModule } from "../layers/chain.js";
import { functionalCall } from "../module/functional-call.js";
import { Layer } from "../module/layer.js";
import { buffer, isParameter } from "../module/parameter.js";
import type { Buffer, Parameter } from "../module/parameter.js";

/**
 * A layer of whose weight only a part is used: it computes with weight ⊙ mask. What the mask hides gets no gradient and can come back; the
 * mask is a buffer, so files keep it. Shapes: those of the layer; mask as its weight, of 0 and 1, uint8.
 * @throws ValueError for a layer without a parameter `weight`
 */
export class Pruned extends Layer {
  static readonly type = "nn/Pruned";
  readonly mask: Buffer;

  constructor(readonly layer: TensorModule) {
    super([layer]);
    const weight = weightOf(layer);
    if (weight === null) throw new ValueError("Pruned", `${layer.constructor.name} has no parameter "weight"`, "Give a Linear, a convolution or the like");
    this.mask = buffer(ones(weight.shape, { dtype: "uint8", backend: weight.backend }));
  }

  /** weight ⊙ mask: what it computes with. */
  get weight(): Tensor {
    return weightIn(this.layer).mul(this.mask);
  }

  /** Hides weights where `mask` is 0, from now on. @throws ShapeError unless it has the weight's shape */
  setMask(mask: Tensor): void {
    if (showShape(mask.shape) !== showShape(this.mask.shape)) {
      throw new ShapeError("Pruned.setMask", `the mask has shape ${showShape(mask.shape)} for a weight of shape ${showShape(this.mask.shape)}`, "Give one number per weight", { shapes: [mask.shape, this.mask.shape] });
    }
    this.mask.assign(mask.to("uint8").to(this.mask.backend));
  }

  forward(x: Tensor): Tensor {
    return functionalCall(this.layer, { weight: this.weight }, () => this.layer.forward(x));
  }
}

/** A layer's own parameter `weight`; `null` without one. */
export function weightOf(layer: object): Parameter | null {
  const weight: unknown = "weight" in layer ? layer.weight : null;
  return isParameter(weight) ? weight : null;
}

function weightIn(layer: TensorModule): Parameter {
  const weight = weightOf(layer);
  if (weight === null) throw new ValueError("Pruned", `${layer.constructor.name} has lost its parameter "weight"`, "Do not replace it");
  return weight;
}
