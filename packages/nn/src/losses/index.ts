export { bceLoss, bceWithLogits } from "./binary.js";
export type { BceOptions, BceWithLogitsOptions } from "./binary.js";
export type { LossOptions, Reduction } from "./common.js";
export {
  BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, NLLLoss, SmoothL1Loss,
} from "./layers.js";
export { crossEntropy, nllLoss } from "./nll.js";
export type { CrossEntropyOptions, NllOptions } from "./nll.js";
export { huberLoss, l1Loss, mseLoss, smoothL1Loss } from "./regression.js";
export type { HuberOptions, SmoothL1Options } from "./regression.js";
