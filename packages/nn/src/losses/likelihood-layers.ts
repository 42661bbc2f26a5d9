import type { Tensor } from "@dl/tensor";
import { ctcKeys, ctcLoss } from "./ctc.js";
import type { CtcOptions, Lengths } from "./ctc.js";
import {
  gaussianNllKeys, gaussianNllLoss, klDivKeys, klDivLoss, klDivReductions, poissonNllKeys, poissonNllLoss,
} from "./likelihood.js";
import type { GaussianNllOptions, KlDivOptions, PoissonNllOptions } from "./likelihood.js";
import { LossLayer } from "./loss-layer.js";

/** `klDivLoss` as a layer. Shapes: any, equal → []. */
export class KLDivLoss extends LossLayer<KlDivOptions> {
  static readonly type = "nn/KLDivLoss";
  constructor(options?: KlDivOptions) { super("KLDivLoss", klDivKeys, options, klDivReductions); }
  forward(input: Tensor, target: Tensor): Tensor { return klDivLoss(input, target, this.options); }
}

/** `poissonNllLoss` as a layer. Shapes: any, equal → []. */
export class PoissonNLLLoss extends LossLayer<PoissonNllOptions> {
  static readonly type = "nn/PoissonNLLLoss";
  constructor(options?: PoissonNllOptions) { super("PoissonNLLLoss", poissonNllKeys, options); }
  forward(input: Tensor, target: Tensor): Tensor { return poissonNllLoss(input, target, this.options); }
}

/** `gaussianNllLoss` as a layer. Shapes: any, equal; the variance may be [.., 1] → []. */
export class GaussianNLLLoss extends LossLayer<GaussianNllOptions> {
  static readonly type = "nn/GaussianNLLLoss";
  constructor(options?: GaussianNllOptions) { super("GaussianNLLLoss", gaussianNllKeys, options); }
  forward(input: Tensor, target: Tensor, variance: Tensor): Tensor { return gaussianNllLoss(input, target, variance, this.options); }
}

/** `ctcLoss` as a layer. Shapes: [T, N, C], [N, S] or [ΣS], [N], [N] → []. */
export class CTCLoss extends LossLayer<CtcOptions> {
  static readonly type = "nn/CTCLoss";
  constructor(options?: CtcOptions) { super("CTCLoss", ctcKeys, options); }
  forward(logProbabilities: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    return ctcLoss(logProbabilities, targets, inputLengths, targetLengths, this.options);
  }
}
