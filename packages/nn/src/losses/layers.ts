import type { Tensor } from "@dl/tensor";
import { bceKeys, bceLoss, bceWithLogits, bceWithLogitsKeys } from "./binary.js";
import type { BceOptions, BceWithLogitsOptions } from "./binary.js";
import { lossKeys } from "./common.js";
import type { LossOptions } from "./common.js";
import { LossLayer } from "./loss-layer.js";
import { crossEntropy, crossEntropyKeys, nllKeys, nllLoss } from "./nll.js";
import type { CrossEntropyOptions, NllOptions } from "./nll.js";
import { huberKeys, huberLoss, l1Loss, mseLoss, smoothL1Keys, smoothL1Loss } from "./regression.js";
import type { HuberOptions, SmoothL1Options } from "./regression.js";

/** `crossEntropy` as a layer. Shapes: [N, C, ..], [N, ..] → []. */
export class CrossEntropyLoss extends LossLayer<CrossEntropyOptions> {
  static readonly type = "nn/CrossEntropyLoss";
  constructor(options?: CrossEntropyOptions) { super("CrossEntropyLoss", crossEntropyKeys, options); }
  forward(logits: Tensor, target: Tensor): Tensor { return crossEntropy(logits, target, this.options); }
}

/** `nllLoss` as a layer. Shapes: [N, C, ..], [N, ..] → []. */
export class NLLLoss extends LossLayer<NllOptions> {
  static readonly type = "nn/NLLLoss";
  constructor(options?: NllOptions) { super("NLLLoss", nllKeys, options); }
  forward(logProbabilities: Tensor, target: Tensor): Tensor { return nllLoss(logProbabilities, target, this.options); }
}

/** `mseLoss` as a layer. Shapes: any, equal → []. */
export class MSELoss extends LossLayer<LossOptions> {
  static readonly type = "nn/MSELoss";
  constructor(options?: LossOptions) { super("MSELoss", lossKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return mseLoss(input, target, this.options); }
}

/** `l1Loss` as a layer. Shapes: any, equal → []. */
export class L1Loss extends LossLayer<LossOptions> {
  static readonly type = "nn/L1Loss";
  constructor(options?: LossOptions) { super("L1Loss", lossKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return l1Loss(input, target, this.options); }
}

/** `huberLoss` as a layer. Shapes: any, equal → []. */
export class HuberLoss extends LossLayer<HuberOptions> {
  static readonly type = "nn/HuberLoss";
  constructor(options?: HuberOptions) { super("HuberLoss", huberKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return huberLoss(input, target, this.options); }
}

/** `smoothL1Loss` as a layer. Shapes: any, equal → []. */
export class SmoothL1Loss extends LossLayer<SmoothL1Options> {
  static readonly type = "nn/SmoothL1Loss";
  constructor(options?: SmoothL1Options) { super("SmoothL1Loss", smoothL1Keys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return smoothL1Loss(input, target, this.options); }
}

/** `bceWithLogits` as a layer. Shapes: any, equal → []. */
export class BCEWithLogitsLoss extends LossLayer<BceWithLogitsOptions> {
  static readonly type = "nn/BCEWithLogitsLoss";
  constructor(options?: BceWithLogitsOptions) { super("BCEWithLogitsLoss", bceWithLogitsKeys, options); }
  forward(logits: Tensor, target: Tensor): Tensor { return bceWithLogits(logits, target, this.options); }
}

/** `bceLoss` as a layer. Shapes: any, equal → []. */
export class BCELoss extends LossLayer<BceOptions> {
  static readonly type = "nn/BCELoss";
  constructor(options?: BceOptions) { super("BCELoss", bceKeys, options); }
  forward(probabilities: Tensor, target: Tensor): Tensor { return bceLoss(probabilities, target, this.options); }
}
