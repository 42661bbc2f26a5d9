// Attention whose L×S matrix never exists as a whole: a block of queries at a time, forward and again in backward. (Rabe & Staats, 2021)
import { record } from "../../op/apply.js";
import { elementwise } from "../../op/elementwise.js";
import type { BackwardContext, GradientRule } from "../../op/origin.js";
import { sumTo } from "../../op/sum-to.js";
import { broadcastShapes, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import { state, withGradMode } from "../../state.js";
import type { Tensor } from "../../tensor.js";
import { cat } from "../joining.js";
import { pad } from "../pad.js";
import { softmax } from "../softmax.js";
import { blockScores, withoutUnreached } from "./masks.js";
import type { Block } from "./masks.js";

interface Settings {
  readonly scale: number;
  readonly isCausal: boolean;
}

interface Saved extends Settings {
  /** log Σ exp(score) of each query, [.., L, 1]: all that backward needs to find the weights again. */
  readonly logTotals: Tensor;
}

/** Scores that exist at a time, over the whole batch; but a block has 16 queries at least, or products would be slow. */
const budget = 131_072;
const fewestRows = 16;

/** Queries in blocks; a causal block needs the keys up to its last query only. */
function blocksOf(query: Tensor, key: Tensor, isCausal: boolean): Block[] {
  const [length, keys] = [query.shape[query.ndim - 2], key.shape[key.ndim - 2]];
  const batch = sizeOf(broadcastShapes("scaledDotProductAttention", query.shape.slice(0, -2), key.shape.slice(0, -2)));
  const rows = Math.max(fewestRows, Math.floor(budget / Math.max(1, batch * keys)));
  return Array.from({ length: Math.max(1, Math.ceil(length / rows)) }, (_, i) => {
    const to = Math.min(length, (i + 1) * rows);
    return { from: i * rows, to, reach: isCausal ? Math.min(keys, to) : keys };
  });
}

const joined = (parts: readonly Tensor[]): Tensor => (parts.length === 1 ? parts[0] : cat(parts, -2));

const shiftedExp = elementwise("shiftedExp", (score, shift) => score.sub(shift).exp());
/** Softmax's gradient, given Σ grad·weight of each row. */
const scoreGradient = elementwise("scoreGradient", (weight, grad, total) => weight.mul(grad.sub(total)));

/** In one kernel, where the backend has it. */
function atOnce(inputs: readonly Tensor[], { scale, isCausal }: Settings): readonly [output: Tensor, logTotals: Tensor] | null {
  const [query, , value] = inputs;
  const { backend } = query;
  if (backend.attend === undefined || inputs.length > 3 || query.shape[query.ndim - 1] === 0 || inputs.some(({ dtype }) => dtype !== "float32")) return null;
  const leading = inputs.reduce<Shape>((sofar, { shape }) => broadcastShapes("scaledDotProductAttention", sofar, shape.slice(0, -2)), []);
  const [q, k, v] = inputs.map((x) => x.expand([...leading, ...x.shape.slice(-2)]));
  const rows = [...leading, query.shape[query.ndim - 2]];
  const [output, logTotals] = [value.shape[value.ndim - 1], 1].map((width) => query.makeEmpty([...rows, width], "float32"));
  if (output.size === 0) return null;
  backend.attend(q, k, v, scale, isCausal, output, logTotals);
  return [output, logTotals];
}

/** The output, and log Σ exp(score), block by block. */
function forward(inputs: readonly Tensor[], { scale, isCausal }: Settings): readonly [output: Tensor, logTotals: Tensor] {
  const [query, key, value] = inputs;
  const barrier = { mask: inputs.at(3) ?? null, isCausal };
  const outputs: Tensor[] = [];
  const logTotals: Tensor[] = [];
  for (const block of blocksOf(query, key, isCausal)) {
    const scores = blockScores(query.slice(-2, block.from, block.to).mul(scale), key.slice(-2, 0, block.reach), barrier, block);
    const top = scores.max(-1, { keepDim: true });
    const powers = shiftedExp(scores, top);
    const total = powers.sum(-1, { keepDim: true });
    outputs.push(withoutUnreached(powers.matmul(value.slice(-2, 0, block.reach)).div(total), barrier, block));
    logTotals.push(top.add(total.log()));
  }
  return [joined(outputs), joined(logTotals)];
}

/** Adds `part`, which covers the first rows only, to what was found so far. */
function accumulated(sofar: Tensor | null, part: Tensor, rows: number): Tensor {
  const missing = rows - part.shape[part.ndim - 2];
  const whole = missing === 0 ? part : pad(part, [0, 0, 0, missing]);
  return sofar === null ? whole : sofar.add(whole);
}

/**
 * The weights of each block are computed anew: from log Σ exp(score), or for higher orders, where that is no constant, by softmax.
 * Σ grad·weight of a row equals Σ grad·output, which needs no L×S values.
 */
function backward({ grad, inputs, output, needs, options: { scale, isCausal, logTotals } }: BackwardContext<Saved>): (Tensor | null)[] {
  const [query, key, value] = inputs;
  const barrier = { mask: inputs.at(3) ?? null, isCausal };
  const toQuery: Tensor[] = [];
  let toKey: Tensor | null = null;
  let toValue: Tensor | null = null;
  for (const block of blocksOf(query, key, isCausal)) {
    const rows = (x: Tensor): Tensor => x.slice(-2, block.from, block.to);
    const reached = (x: Tensor): Tensor => x.slice(-2, 0, block.reach);
    const gradient = withoutUnreached(rows(grad), barrier, block);
    const scaled = rows(query).mul(scale);
    const scores = blockScores(scaled, reached(key), barrier, block);
    const weights = state.gradEnabled ? softmax(scores, -1) : shiftedExp(scores, rows(logTotals));
    if (needs[2]) toValue = accumulated(toValue, weights.transpose().matmul(gradient), value.shape[value.ndim - 2]);
    if (!needs[0] && !needs[1]) continue;
    const total = gradient.mul(rows(output)).sum(-1, { keepDim: true });
    const toScores = scoreGradient(weights, gradient.matmul(reached(value).transpose()), total);
    if (needs[0]) toQuery.push(toScores.matmul(reached(key)).mul(scale));
    if (needs[1]) toKey = accumulated(toKey, toScores.transpose().matmul(scaled), key.shape[key.ndim - 2]);
  }
  const found = [needs[0] ? joined(toQuery) : null, toKey, toValue, null];
  return inputs.map((x, i) => found[i] && sumTo(found[i], x.shape));
}

const rule: GradientRule<Saved> = {
  name: "scaledDotProductAttention",
  backward,
  // Two products, and five operations for each weight, as softmax counts.
  flops: ([query, key], output) => {
    const keys = key.shape[key.ndim - 2];
    const queries = output.size / Math.max(1, output.shape[output.ndim - 1]);
    return 2 * output.size * keys + queries * keys * (2 * query.shape[query.ndim - 1] + 5);
  },
};

/** softmax(query·scale·keyᵀ)·value, with what lies behind the barrier left out. The mask gets no gradient. */
export function leanAttention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | null, settings: Settings): Tensor {
  const inputs = mask === null ? [query, key, value] : [query, key, value, mask];
  const [output, logTotals] = withGradMode(false, () => atOnce(inputs, settings) ?? forward(inputs, settings));
  return record(output, rule, inputs, { ...settings, logTotals });
}
