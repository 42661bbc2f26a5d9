import type { Tensor } from "@dl/tensor";
import { lossKeys } from "./common.js";
import type { LossOptions } from "./common.js";
import { LossLayer } from "./loss-layer.js";
import { hingeEmbeddingLoss, hingeKeys, hingeLoss, marginKeys, marginRankingLoss, softMarginLoss } from "./margin.js";
import type { HingeOptions, MarginOptions } from "./margin.js";
import {
  multiLabelMarginLoss, multiLabelSoftMarginKeys, multiLabelSoftMarginLoss, multiMarginKeys, multiMarginLoss,
} from "./multi-label.js";
import type { MultiLabelSoftMarginOptions, MultiMarginOptions } from "./multi-label.js";

/** `hingeLoss` as a layer. Shapes: any, equal → []. */
export class HingeLoss extends LossLayer<HingeOptions> {
  static readonly type = "nn/HingeLoss";
  constructor(options?: HingeOptions) { super("HingeLoss", hingeKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return hingeLoss(input, target, this.options); }
}

/** `softMarginLoss` as a layer. Shapes: any, equal → []. */
export class SoftMarginLoss extends LossLayer<LossOptions> {
  static readonly type = "nn/SoftMarginLoss";
  constructor(options?: LossOptions) { super("SoftMarginLoss", lossKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return softMarginLoss(input, target, this.options); }
}

/** `hingeEmbeddingLoss` as a layer. Shapes: any, equal → []. */
export class HingeEmbeddingLoss extends LossLayer<MarginOptions> {
  static readonly type = "nn/HingeEmbeddingLoss";
  constructor(options?: MarginOptions) { super("HingeEmbeddingLoss", marginKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return hingeEmbeddingLoss(input, target, this.options); }
}

/** `marginRankingLoss` as a layer. Shapes: any, all three equal → []. */
export class MarginRankingLoss extends LossLayer<MarginOptions> {
  static readonly type = "nn/MarginRankingLoss";
  constructor(options?: MarginOptions) { super("MarginRankingLoss", marginKeys, options); }
  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor { return marginRankingLoss(input1, input2, target, this.options); }
}

/** `multiMarginLoss` as a layer. Shapes: [N, C], [N] → []. */
export class MultiMarginLoss extends LossLayer<MultiMarginOptions> {
  static readonly type = "nn/MultiMarginLoss";
  constructor(options?: MultiMarginOptions) { super("MultiMarginLoss", multiMarginKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return multiMarginLoss(input, target, this.options); }
}

/** `multiLabelMarginLoss` as a layer. Shapes: [N, C], [N, C] → []. */
export class MultiLabelMarginLoss extends LossLayer<LossOptions> {
  static readonly type = "nn/MultiLabelMarginLoss";
  constructor(options?: LossOptions) { super("MultiLabelMarginLoss", lossKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return multiLabelMarginLoss(input, target, this.options); }
}

/** `multiLabelSoftMarginLoss` as a layer. Shapes: [.., C], equal → []. */
export class MultiLabelSoftMarginLoss extends LossLayer<MultiLabelSoftMarginOptions> {
  static readonly type = "nn/MultiLabelSoftMarginLoss";
  constructor(options?: MultiLabelSoftMarginOptions) { super("MultiLabelSoftMarginLoss", multiLabelSoftMarginKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return multiLabelSoftMarginLoss(input, target, this.options); }
}
