export { bceLoss, bceWithLogits } from "./binary.js";
export type { BceOptions, BceWithLogitsOptions } from "./binary.js";
export type { LossOptions, Reduction } from "./common.js";
export { ctcLoss } from "./ctc.js";
export type { CtcOptions, Lengths } from "./ctc.js";
export { diceLoss } from "./dice.js";
export type { DiceOptions } from "./dice.js";
export { CosineEmbeddingLoss, CosineSimilarity, PairwiseDistance, TripletMarginLoss, TripletMarginWithDistanceLoss } from "./distance-layers.js";
export { cosineEmbeddingLoss, tripletMarginLoss, tripletMarginWithDistanceLoss } from "./embedding.js";
export type { TripletMarginOptions, TripletMarginWithDistanceOptions } from "./embedding.js";
export { focalLoss, sigmoidFocalLoss } from "./focal.js";
export type { FocalOptions, SigmoidFocalOptions } from "./focal.js";
export {
  BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, NLLLoss, SmoothL1Loss,
} from "./layers.js";
export { gaussianNllLoss, klDivLoss, poissonNllLoss } from "./likelihood.js";
export type { GaussianNllOptions, KlDivOptions, PoissonNllOptions } from "./likelihood.js";
export { CTCLoss, GaussianNLLLoss, KLDivLoss, PoissonNLLLoss } from "./likelihood-layers.js";
export { hingeEmbeddingLoss, hingeLoss, marginRankingLoss, softMarginLoss } from "./margin.js";
export type { HingeOptions, MarginOptions } from "./margin.js";
export {
  HingeEmbeddingLoss, HingeLoss, MarginRankingLoss, MultiLabelMarginLoss, MultiLabelSoftMarginLoss, MultiMarginLoss, SoftMarginLoss,
} from "./margin-layers.js";
export { multiLabelMarginLoss, multiLabelSoftMarginLoss, multiMarginLoss } from "./multi-label.js";
export type { MultiLabelSoftMarginOptions, MultiMarginOptions } from "./multi-label.js";
export { crossEntropy, nllLoss } from "./nll.js";
export type { CrossEntropyOptions, NllOptions } from "./nll.js";
export { DiceLoss, FocalLoss, SigmoidFocalLoss } from "./overlap-layers.js";
export { huberLoss, l1Loss, mseLoss, smoothL1Loss } from "./regression.js";
export type { HuberOptions, SmoothL1Options } from "./regression.js";
export { cosineSimilarity, pairwiseDistance } from "./similarity.js";
export type { CosineSimilarityOptions, PairwiseDistanceOptions } from "./similarity.js";
