import type { Tensor } from "@dl/tensor";
import { diceKeys, diceLoss } from "./dice.js";
import type { DiceOptions } from "./dice.js";
import { focalKeys, focalLoss, sigmoidFocalKeys, sigmoidFocalLoss } from "./focal.js";
import type { FocalOptions, SigmoidFocalOptions } from "./focal.js";
import { LossLayer } from "./loss-layer.js";

/** `diceLoss` as a layer. Shapes: [N, C, ..], the same or [N, ..] → []. */
export class DiceLoss extends LossLayer<DiceOptions> {
  static readonly type = "nn/DiceLoss";
  constructor(options?: DiceOptions) { super("DiceLoss", diceKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return diceLoss(input, target, this.options); }
}

/** `focalLoss` as a layer. Shapes: [N, C, ..], [N, ..] → []. */
export class FocalLoss extends LossLayer<FocalOptions> {
  static readonly type = "nn/FocalLoss";
  constructor(options?: FocalOptions) { super("FocalLoss", focalKeys, options); }
  forward(logits: Tensor, target: Tensor): Tensor { return focalLoss(logits, target, this.options); }
}

/** `sigmoidFocalLoss` as a layer. Shapes: any, equal → []. */
export class SigmoidFocalLoss extends LossLayer<SigmoidFocalOptions> {
  static readonly type = "nn/SigmoidFocalLoss";
  constructor(options?: SigmoidFocalOptions) { super("SigmoidFocalLoss", sigmoidFocalKeys, options); }
  forward(logits: Tensor, target: Tensor): Tensor { return sigmoidFocalLoss(logits, target, this.options); }
}
