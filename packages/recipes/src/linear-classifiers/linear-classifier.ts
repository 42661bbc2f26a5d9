import { checkOptions } from "@dl/registry";
import { Layer, Linear } from "@dl/nn";
import { norm } from "@dl/tensor";
import type { DType, Generator, Tensor } from "@dl/tensor";

export interface LinearClassifierOptions {
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/**
 * Two classes divided by a hyperplane: z = wᵀx + b, class 1 where z > 0 and class 0 elsewhere.
 * Train it with `bceWithLogits(classifier.decisionFunction(x), y)`.
 *
 * Shapes: x [N, features]; `linear.weight` [1, features], `linear.bias` [1].
 */
export class LinearClassifier extends Layer {
  static readonly type = "recipes/LinearClassifier";
  readonly linear: Linear;

  constructor(features: number, options: LinearClassifierOptions = {}) {
    const { dtype } = options;
    super(dtype === undefined ? [features] : [features, { dtype }]);
    checkOptions("LinearClassifier", options, ["dtype", "generator"]);
    this.linear = new Linear(features, 1, options);
  }

  /** The same as `decisionFunction`. */
  forward(x: Tensor): Tensor {
    return this.decisionFunction(x);
  }

  /** z = wᵀx + b. Shapes: [N, features] → [N]. */
  decisionFunction(x: Tensor): Tensor {
    return this.linear.forward(x).squeeze(-1);
  }

  /** 1 where z > 0, otherwise 0. Shapes: [N, features] → [N], int32. */
  predict(x: Tensor): Tensor {
    return this.decisionFunction(x).gt(0).to("int32");
  }

  /** z / ‖w‖: how far each point is from the hyperplane, positive on the side of class 1. Shapes: [N, features] → [N]. */
  distance(x: Tensor): Tensor {
    return this.decisionFunction(x).div(norm(this.linear.weight));
  }

  /** n = w / ‖w‖, the direction in which z grows. Shape: [features]. */
  get weightNormal(): Tensor {
    const { weight } = this.linear;
    return weight.div(norm(weight)).squeeze(0);
  }

  /** d = −b / ‖w‖: the hyperplane is where nᵀx = d. Shape: []. */
  get offset(): Tensor {
    return this.distance(this.linear.weight.mul(0)).squeeze(0).neg();
  }
}
