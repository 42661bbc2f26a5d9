import { DTypeError, ShapeError, ValueError, checkOptions } from "@dl/registry";
import { bernoulli } from "../../create-random.js";
import { isFloat } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { defaultGenerator } from "../../random/default.js";
import type { Generator } from "../../random/generator.js";
import { broadcastShapes, showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { softmax } from "../softmax.js";
import { leanAttention } from "./lean.js";
import { blockScores, checkMask, withoutUnreached } from "./masks.js";

export interface AttentionOptions {
  /**
   * Which keys each query may attend to: bool, true where it may, or float, added to the scores (−∞ bars).
   * Broadcasts to [.., L, S].
   */
  readonly mask?: Tensor;
  /** Let query i see keys 0 … i only; with a mask, both must allow it. Default false. */
  readonly isCausal?: boolean;
  /** Factor on the scores. Default 1/√E. */
  readonly scale?: number;
  /** Probability that a weight is dropped, and the others grow by 1/(1 − p); applies whenever it is given. Default 0. */
  readonly dropout?: number;
  /** Where dropout's masks come from; by default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

const optionKeys = ["mask", "isCausal", "scale", "dropout", "generator"];

const droppedWeights = elementwise("droppedWeights", (weight, kept, scale) => weight.mul(kept).mul(scale));

/** @returns the shape of the scores */
function checkPair(where: string, query: Tensor, key: Tensor, options: AttentionOptions): Shape {
  checkOptions(where, options, optionKeys);
  const { mask, dropout = 0, scale = 1 } = options;
  if (query.ndim < 2 || key.ndim < 2 || query.shape.at(-1) !== key.shape.at(-1)) {
    throw new ShapeError(where, `query of shape ${showShape(query.shape)} and key of shape ${showShape(key.shape)} do not fit`, "Give [.., L, E] and [.., S, E] with one E", {
      shapes: [query.shape, key.shape],
    });
  }
  if (key.shape[key.ndim - 2] === 0) throw new ShapeError(where, `key of shape ${showShape(key.shape)} holds no keys`, "Give at least one to attend to", { shape: key.shape });
  if (!isFloat(query.dtype)) throw new DTypeError(where, `the query is ${query.dtype}`, 'Convert it: query.to("float32")', { dtype: query.dtype });
  if (!(dropout >= 0 && dropout <= 1)) throw new ValueError(where, `dropout is ${dropout}`, "Give a probability from 0 to 1", { dropout });
  if (!Number.isFinite(scale)) throw new ValueError(where, `scale is ${scale}`, "Give a finite number", { scale });
  const batch = broadcastShapes(where, query.shape.slice(0, -2), key.shape.slice(0, -2));
  const scores = [...batch, query.shape[query.ndim - 2], key.shape[key.ndim - 2]];
  if (mask !== undefined) checkMask(where, mask, scores, query);
  return scores;
}

function dropped(weights: Tensor, { dropout = 0, generator = defaultGenerator() }: AttentionOptions): Tensor {
  if (dropout === 0) return weights;
  if (dropout === 1) return weights.mul(0);
  const { dtype, backend } = weights;
  return droppedWeights(weights, bernoulli(weights.shape, 1 - dropout, { dtype, backend, generator }), 1 / (1 - dropout));
}

const scaleFor = (query: Tensor, { scale = 1 / Math.sqrt(query.shape[query.ndim - 1]) }: AttentionOptions): number => scale;

function weightsOf(query: Tensor, key: Tensor, options: AttentionOptions): Tensor {
  const barrier = { mask: options.mask ?? null, isCausal: options.isCausal ?? false };
  const whole = { from: 0, to: query.shape[query.ndim - 2], reach: key.shape[key.ndim - 2] };
  const weights = softmax(blockScores(query.mul(scaleFor(query, options)), key, barrier, whole), -1);
  return dropped(withoutUnreached(weights, barrier, whole), options);
}

/**
 * How much each query attends to each key: softmax(query·keyᵀ·scale) over the keys, the attention map behind
 * `scaledDotProductAttention`; with dropout, the weights that are left. A query that may attend to nothing gets zeros.
 * Shapes: query [.., L, E], key [.., S, E] → [.., L, S].
 * @throws ShapeError, DTypeError, ValueError
 */
export const attentionWeights = /* @__PURE__ */ defineComposite("attentionWeights", (query: Tensor, key: Tensor, options: AttentionOptions = {}): Tensor => {
  checkPair("attentionWeights", query, key, options);
  return weightsOf(query, key, options);
});

/**
 * softmax(query·keyᵀ·scale)·value: each query's average of the values, weighted by how well their keys match. (Vaswani et al., 2017)
 * Shapes: query [.., L, E], key [.., S, E], value [.., S, Ev] → [.., L, Ev]; leading dims broadcast.
 *
 * A query that may attend to nothing gives 0, as in PyTorch from 2.5 on: the NaN of the formula would spread through the
 * gradients of all that is shared. Without dropout the weights are never held as a whole, but computed a block of queries at a
 * time, and again for the gradient; `attentionWeights` gives them.
 * @throws ShapeError when the shapes do not fit; DTypeError for a mask that is neither bool nor of the query's dtype; ValueError
 */
export const scaledDotProductAttention = /* @__PURE__ */ defineComposite(
  "scaledDotProductAttention",
  (query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): Tensor => {
    const where = "scaledDotProductAttention";
    const scores = checkPair(where, query, key, options);
    if (value.ndim < 2 || value.shape[value.ndim - 2] !== scores.at(-1)) {
      throw new ShapeError(where, `value of shape ${showShape(value.shape)} does not go with ${scores.at(-1) ?? 0} keys`, "Give one value per key, [.., S, Ev]", {
        shapes: [key.shape, value.shape],
      });
    }
    const { mask = null, dropout = 0, isCausal = false } = options;
    // A learnt mask needs the gradient of every score.
    if (dropout > 0 || mask?.requiresGrad === true) return weightsOf(query, key, options).matmul(value);
    return leanAttention(query, key, value, mask, { scale: scaleFor(query, options), isCausal });
  },
);

const pattern = [[1, 0], [0, 1], [1, 1]];
const values = [[1, 2], [3, 4], [5, 6]];

export const examples = (): Example[] => [
  example(attentionWeights, { inputs: [[[0, 0]], [[1, 2], [3, 4]]], expect: [[0.5, 0.5]] }),
  example(attentionWeights, {
    inputs: [pattern, pattern, [[true, true, false], [false, false, false], [true, false, true]]],
    call: ([q, k, mask]) => attentionWeights(q, k, { mask }),
    expect: [[0.6697615, 0.3302385, 0], [0, 0, 0], [0.3302385, 0, 0.6697615]],
  }),
  example(attentionWeights, { shapes: [[2, 3, 2], [4, 2]], call: ([q, k]) => attentionWeights(q, k, { isCausal: true, scale: 0.5 }) }),
  example(attentionWeights, { shapes: [[3, 2], [4, 5]], throws: "query of shape [3, 2] and key of shape [4, 5] do not fit" }),
  example(scaledDotProductAttention, { inputs: [pattern, pattern, values], expect: [[3, 4], [3.4066726, 4.4066726], [3.5104695, 4.5104695]] }),
  example(scaledDotProductAttention, {
    inputs: [pattern, pattern, values],
    call: ([q, k, v]) => scaledDotProductAttention(q, k, v, { isCausal: true }),
    expect: [[1, 2], [2.3395231, 3.3395231], [3.5104695, 4.5104695]],
  }),
  example(scaledDotProductAttention, {
    inputs: [pattern, pattern, values, [[true, true, false], [false, false, false], [true, false, true]]],
    call: ([q, k, v, mask]) => scaledDotProductAttention(q, k, v, { mask }),
    expect: [[1.6604769, 2.6604769], [0, 0], [3.6790461, 4.6790461]],
  }),
  example(scaledDotProductAttention, {
    shapes: [[2, 3, 2], [1, 2, 2], [2, 2, 1], [3, 1]],
    call: ([q, k, v, mask]) => scaledDotProductAttention(q, k, v, { mask, isCausal: true }),
  }),
  example(scaledDotProductAttention, {
    inputs: [pattern, pattern, values],
    call: ([q, k, v]) => scaledDotProductAttention(q, k, v, { mask: q.makeFrom(new Float64Array([0, -Infinity, 1]), q.dtype, [3]), scale: 1 }),
    expect: [[3.9242343, 4.9242343], [4.5231884, 5.5231884], [4.5231884, 5.5231884]],
  }),
  example(scaledDotProductAttention, { shapes: [[3, 2], [4, 2], [3, 2]], throws: "value of shape [3, 2] does not go with 4 keys" }),
];
