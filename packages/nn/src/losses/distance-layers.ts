import { checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import {
  cosineEmbeddingLoss, tripletMarginKeys, tripletMarginLoss, tripletMarginWithDistanceKeys, tripletMarginWithDistanceLoss,
} from "./embedding.js";
import type { TripletMarginOptions, TripletMarginWithDistanceOptions } from "./embedding.js";
import { LossLayer } from "./loss-layer.js";
import { marginKeys } from "./margin.js";
import type { MarginOptions } from "./margin.js";
import { cosineSimilarity, cosineSimilarityKeys, pairwiseDistance, pairwiseDistanceKeys } from "./similarity.js";
import type { CosineSimilarityOptions, PairwiseDistanceOptions } from "./similarity.js";

/** `cosineSimilarity` as a layer. Shapes: both broadcast, without `dim`. */
export class CosineSimilarity extends Layer {
  static readonly type = "nn/CosineSimilarity";

  constructor(readonly options?: CosineSimilarityOptions) {
    super([options]);
    checkOptions("CosineSimilarity", options, cosineSimilarityKeys);
  }

  forward(a: Tensor, b: Tensor): Tensor { return cosineSimilarity(a, b, this.options); }
}

/** `pairwiseDistance` as a layer. Shapes: both broadcast, without the last dim. */
export class PairwiseDistance extends Layer {
  static readonly type = "nn/PairwiseDistance";

  constructor(readonly options?: PairwiseDistanceOptions) {
    super([options]);
    checkOptions("PairwiseDistance", options, pairwiseDistanceKeys);
  }

  forward(a: Tensor, b: Tensor): Tensor { return pairwiseDistance(a, b, this.options); }
}

/** `cosineEmbeddingLoss` as a layer. Shapes: [N, D], [N, D], [N] → []. */
export class CosineEmbeddingLoss extends LossLayer<MarginOptions> {
  static readonly type = "nn/CosineEmbeddingLoss";
  constructor(options?: MarginOptions) { super("CosineEmbeddingLoss", marginKeys, options); }
  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor { return cosineEmbeddingLoss(input1, input2, target, this.options); }
}

/** `tripletMarginLoss` as a layer. Shapes: [.., D], all three equal → []. */
export class TripletMarginLoss extends LossLayer<TripletMarginOptions> {
  static readonly type = "nn/TripletMarginLoss";
  constructor(options?: TripletMarginOptions) { super("TripletMarginLoss", tripletMarginKeys, options); }
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor { return tripletMarginLoss(anchor, positive, negative, this.options); }
}

/** `tripletMarginWithDistanceLoss` as a layer; files name the distance, so it has to be an op. Shapes: [.., D], all three equal → []. */
export class TripletMarginWithDistanceLoss extends LossLayer<TripletMarginWithDistanceOptions> {
  static readonly type = "nn/TripletMarginWithDistanceLoss";
  constructor(options?: TripletMarginWithDistanceOptions) { super("TripletMarginWithDistanceLoss", tripletMarginWithDistanceKeys, options); }
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor { return tripletMarginWithDistanceLoss(anchor, positive, negative, this.options); }
}
