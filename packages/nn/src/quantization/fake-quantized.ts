import { ValueError } from "@dl/registry";
import { zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { functionalCall } from "../module/functional-call.js";
import { Layer } from "../module/layer.js";
import { buffer } from "../module/parameter.js";
import type { Buffer } from "../module/parameter.js";
import { fakeQuant, rangeOf, scaleOf } from "./int8.js";
import { isFloatLayer, weightScale } from "./targets.js";
import type { FloatLayer } from "./targets.js";

/** How fast the range of inputs follows that of a batch. */
const momentum = 0.1;

/**
 * A layer that learns with what int8 will make of it: its weight and its input are rounded as they will be, and gradients pass through the
 * rounding. The range of inputs is a running average of the batches' in training, and fixed in evaluation. Shapes: those of the layer.
 * (Jacob et al., 2018)
 * @throws ValueError for a layer that has no form in int8
 */
export class FakeQuantized extends Layer {
  static readonly type = "nn/FakeQuantized";
  /** float32 []; 0 before the first batch. */
  readonly inputRange: Buffer;

  constructor(readonly layer: FloatLayer) {
    super([layer]);
    if (!isFloatLayer(layer)) throw new ValueError("FakeQuantized", "this layer has no form in int8", "Give a Linear, Conv1d, Conv2d or Conv3d");
    this.inputRange = buffer(zeros([], { backend: layer.weight.backend }));
  }

  /** What one step of the inputs stands for. */
  get inputScale(): Tensor {
    return scaleOf(this.inputRange);
  }

  forward(x: Tensor): Tensor {
    if (this.training) this.#follow(x.detach());
    const { layer } = this;
    const weight = fakeQuant(layer.weight, weightScale(layer.weight.detach()));
    return functionalCall(layer, { weight }, () => layer.forward(fakeQuant(x, this.inputScale)));
  }

  #follow(x: Tensor): void {
    const seen = rangeOf(x, []).reshape([]);
    const { inputRange } = this;
    // The first range is taken as it is.
    const part = inputRange.eq(0).to("float32").mul(1 - momentum).add(momentum);
    inputRange.adopt(inputRange.add(seen.sub(inputRange).mul(part)));
  }
}
