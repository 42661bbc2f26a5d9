import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import { bceLoss, bceWithLogits } from "./binary.js";
import type { BceOptions, BceWithLogitsOptions } from "./binary.js";
import type { LossOptions } from "./common.js";
import { crossEntropy, nllLoss } from "./nll.js";
import type { CrossEntropyOptions, NllOptions } from "./nll.js";
import { huberLoss, l1Loss, mseLoss, smoothL1Loss } from "./regression.js";
import type { HuberOptions, SmoothL1Options } from "./regression.js";

/** A loss with its options fixed. Options that are tensors work, but cannot be saved. */
abstract class LossLayer<O extends LossOptions> extends Layer {
  constructor(readonly options?: O) {
    super([options]);
  }
}

/** `crossEntropy` as a layer. Shapes: [N, C, ..], [N, ..] → []. */
export class CrossEntropyLoss extends LossLayer<CrossEntropyOptions> {
  static readonly type = "nn/CrossEntropyLoss";
  forward(logits: Tensor, target: Tensor): Tensor { return crossEntropy(logits, target, this.options); }
}

/** `nllLoss` as a layer. Shapes: [N, C, ..], [N, ..] → []. */
export class NLLLoss extends LossLayer<NllOptions> {
  static readonly type = "nn/NLLLoss";
  forward(logProbabilities: Tensor, target: Tensor): Tensor { return nllLoss(logProbabilities, target, this.options); }
}

/** `mseLoss` as a layer. Shapes: any, equal → []. */
export class MSELoss extends LossLayer<LossOptions> {
  static readonly type = "nn/MSELoss";
  forward(input: Tensor, target: Tensor): Tensor { return mseLoss(input, target, this.options); }
}

/** `l1Loss` as a layer. Shapes: any, equal → []. */
export class L1Loss extends LossLayer<LossOptions> {
  static readonly type = "nn/L1Loss";
  forward(input: Tensor, target: Tensor): Tensor { return l1Loss(input, target, this.options); }
}

/** `huberLoss` as a layer. Shapes: any, equal → []. */
export class HuberLoss extends LossLayer<HuberOptions> {
  static readonly type = "nn/HuberLoss";
  forward(input: Tensor, target: Tensor): Tensor { return huberLoss(input, target, this.options); }
}

/** `smoothL1Loss` as a layer. Shapes: any, equal → []. */
export class SmoothL1Loss extends LossLayer<SmoothL1Options> {
  static readonly type = "nn/SmoothL1Loss";
  forward(input: Tensor, target: Tensor): Tensor { return smoothL1Loss(input, target, this.options); }
}

/** `bceWithLogits` as a layer. Shapes: any, equal → []. */
export class BCEWithLogitsLoss extends LossLayer<BceWithLogitsOptions> {
  static readonly type = "nn/BCEWithLogitsLoss";
  forward(logits: Tensor, target: Tensor): Tensor { return bceWithLogits(logits, target, this.options); }
}

/** `bceLoss` as a layer. Shapes: any, equal → []. */
export class BCELoss extends LossLayer<BceOptions> {
  static readonly type = "nn/BCELoss";
  forward(probabilities: Tensor, target: Tensor): Tensor { return bceLoss(probabilities, target, this.options); }
}
