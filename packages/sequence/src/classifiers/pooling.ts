import { Layer, Linear, init, jsonOptions, parameter, type Parameter } from "@dl/nn";
import { checkOptions, checkWhole } from "@dl/registry";
import { any, softmax, where, zeros, type Generator, type Tensor } from "@dl/tensor";

/** The mean over the places that count, 0 where none does. Shapes: x [N, T, D], counts [N, T] bool → [N, D]. */
export function meanOver(x: Tensor, counts: Tensor): Tensor {
  const kept = counts.to(x.dtype);
  const shares = kept.div(kept.sum(1, { keepDim: true }).clamp(1, Infinity));
  return shares.unsqueeze(1).matmul(x).squeeze(1);
}

/** The greatest values among the places that count, 0 where none does. Shapes: x [N, T, D], counts [N, T] bool → [N, D]. */
export function maxOver(x: Tensor, counts: Tensor): Tensor {
  const top = where(counts.unsqueeze(-1), x, -Infinity).max(1);
  return where(any(counts, 1, { keepDim: true }), top, 0);
}

export interface AttentionPoolOptions {
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/**
 * A mean whose weights are learnt: αₜ = softmaxₜ(v·tanh(W·xₜ + b)), y = Σₜ αₜ·xₜ. Places that do not count get weight 0.
 * Shapes: x [N, T, dim], counts [N, T] bool (default all) → [N, dim]. (Yang et al., 2016)
 * @throws ValueError for sizes that are not whole
 */
export class AttentionPool extends Layer {
  static readonly type = "sequence/AttentionPool";
  readonly project: Linear;
  /** v, [hidden], drawn from N(0, 1/hidden). */
  readonly query: Parameter;

  constructor(readonly dim: number, readonly hidden: number = dim, options: AttentionPoolOptions = {}) {
    super([dim, hidden, jsonOptions(options)]);
    checkOptions("AttentionPool", options, ["generator"]);
    checkWhole("AttentionPool", "hidden", hidden, 1);
    const { generator } = options;
    const drawn = generator && { generator };
    this.project = new Linear(dim, hidden, { ...drawn });
    this.query = init.normal(parameter(zeros([hidden])), 0, 1 / Math.sqrt(hidden), drawn);
  }

  /** α. Shapes: as forward → [N, T]; each row adds up to 1. */
  weights(x: Tensor, counts?: Tensor): Tensor {
    const scores = this.project.forward(x).tanh().matmul(this.query);
    return softmax(counts === undefined ? scores : where(counts, scores, -Infinity), 1);
  }

  forward(x: Tensor, counts?: Tensor): Tensor {
    return this.weights(x, counts).unsqueeze(1).matmul(x).squeeze(1);
  }
}
