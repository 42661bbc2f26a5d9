import { any, arange, cat, logicalAnd, pad, repeatInterleave, scaledDotProductAttention, softmax, stack, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { dtypeOf } from "./dtype.js";
import { linesAt } from "./indexing.js";
import type { OnnxNode, Operators } from "./node.js";

/** [B, L, H·E] → [B, H, L, E]; four dims are that already. */
function splitHeads(node: OnnxNode, x: Tensor, name: string): Tensor {
  if (x.ndim === 4) return x;
  const heads = node.optionalNumber(name) ?? node.refuse(`x has three dims, and "${name}" is missing`);
  return x.reshape([x.shape[0], x.shape[1], heads, -1]).transpose(1, 2);
}

/** The way back, where the node's input had three dims. */
const joinHeads = (node: OnnxNode, x: Tensor): Tensor => (node.input().ndim === 4 ? x : x.transpose(1, 2).flatten(2));

/** Queries, keys and values in heads, as they meet: keys and values may serve several heads of queries each. */
interface Parts {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** Keys and values with the past ones before them. */
  readonly present: readonly [key: Tensor, value: Tensor];
}

function partsOf(node: OnnxNode): Parts {
  const query = splitHeads(node, node.input(0), "q_num_heads");
  const withPast = (i: number, past: Tensor | undefined): Tensor => {
    const own = splitHeads(node, node.input(i), "kv_num_heads");
    return past === undefined ? own : cat([past, own], 2);
  };
  const present = [withPast(1, node.optional(4)), withPast(2, node.optional(5))] as const;
  const shared = query.shape[1] / present[0].shape[1];
  const [key, value] = present.map((x) => (shared === 1 ? x : repeatInterleave(x, shared, { dim: 1 })));
  return { query, key, value, present };
}

/** Which keys a query sees by their places: no later ones, only near ones, no padding. Shapes: [L, S] or [B, 1, L, S]. */
function seenFrom(node: OnnxNode, queries: number, keys: number): Tensor | undefined {
  const lengths = node.optional(6)?.reshape([-1, 1, 1, 1]);
  const [left, right] = [node.number("left_window_size", -1), node.number("right_window_size", -1)];
  const before = lengths?.sub(queries) ?? node.optional(4)?.shape[2] ?? 0;
  const place = arange(queries).unsqueeze(1).add(before);
  const key = arange(keys);
  const conditions = [
    ...(node.flag("is_causal") ? [key.le(place)] : []),
    ...(left >= 0 ? [key.ge(place.sub(left))] : []),
    ...(right >= 0 ? [key.le(place.add(right))] : []),
    ...(lengths === undefined ? [] : [key.lt(lengths)]),
  ];
  return conditions.length === 0 ? undefined : conditions.reduce((a, b) => logicalAnd(a, b));
}

/** What bars keys from queries, as our attention takes it: the node's mask, which may end early, and the places. */
function maskOf(node: OnnxNode, queries: number, keys: number): Tensor | undefined {
  const seen = seenFrom(node, queries, keys);
  const given = node.optional(3);
  if (given === undefined) return seen;
  const missing = keys - (given.shape.at(-1) ?? keys);
  const isBool = given.dtype === "bool";
  const mask = missing > 0 ? pad(given, [0, missing], { value: isBool ? 0 : -Infinity }) : given;
  if (seen === undefined) return mask;
  return isBool ? logicalAnd(mask, seen) : where(seen, mask, -Infinity);
}

const barred = (scores: Tensor, mask: Tensor): Tensor => (mask.dtype === "bool" ? where(mask, scores, -Infinity) : scores.add(mask));

/** The formula step by step, for nodes that cap the scores, show them or name a precision. A query that sees no key gets zeros. */
function bySteps(node: OnnxNode, { query, key, value }: Parts, scale: number, mask: Tensor | undefined): { output: Tensor; shown: Tensor } {
  const cap = node.number("softcap", 0);
  const scores = query.matmul(key.transpose()).mul(scale);
  const capped = cap > 0 ? scores.div(cap).tanh().mul(cap) : scores;
  const masked = mask === undefined ? capped : barred(capped, mask);
  const seesAny = any(masked.gt(-Infinity), -1, { keepDim: true });
  const weights = where(seesAny, softmax(masked.to(dtypeOf(node, "softmax_precision", query.dtype)), -1), 0).to(query.dtype);
  return { output: weights.matmul(value), shown: [scores, capped, masked, weights][node.number("qk_matmul_output_mode", 0)] };
}

function attention(node: OnnxNode): Tensor[] {
  const parts = partsOf(node);
  const { query, key, value, present } = parts;
  const mask = maskOf(node, query.shape[2], key.shape[2]);
  const scale = node.number("scale", 1 / Math.sqrt(query.shape[3]));
  const isPlain = node.number("softcap", 0) === 0 && node.outputs < 4 && dtypeOf(node, "softmax_precision", query.dtype) === query.dtype;
  if (isPlain) return [joinHeads(node, scaledDotProductAttention(query, key, value, { scale, ...(mask && { mask }) })), ...present];
  const { output, shown } = bySteps(node, parts, scale, mask);
  return [joinHeads(node, output), ...present, shown];
}

/** Turns pairs of features, neighbours or halves, by angles whose cosines and sines are given for each position. (Su et al., 2021) */
function rotaryEmbedding(node: OnnxNode): Tensor {
  const x = splitHeads(node, node.input(), "num_heads");
  const positions = node.optional(3);
  const [cos, sin] = [node.input(1), node.input(2)].map((table) => (positions === undefined ? table : linesAt(table, 0, positions)).unsqueeze(1));
  const half = cos.shape[3];
  const isInterleaved = node.flag("interleaved");
  const [a, b] = isInterleaved ? [x.slice(-1, 0, 2 * half, 2), x.slice(-1, 1, 2 * half, 2)] : [x.slice(-1, 0, half), x.slice(-1, half, 2 * half)];
  const pair = [a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos))];
  const turned = isInterleaved ? stack(pair, -1).flatten(-2) : cat(pair, -1);
  return joinHeads(node, cat([turned, x.slice(-1, 2 * half)], -1));
}

export const attentions: Operators = {
  Attention: attention,
  RotaryEmbedding: rotaryEmbedding,
};
