import type { HostArray } from "@dl/tensor";

// GPT-2's forward once more, in plain arrays of float64 and over weights in the layout of its files: what `loadGpt2` is compared with.

type Matrix = number[][];

export interface Gpt2Sizes {
  readonly layers: number;
  readonly heads: number;
}

export type Gpt2Weights = ReadonlyMap<string, HostArray>;

function matrixOf(weights: Gpt2Weights, name: string): Matrix {
  const { data, shape } = weights.get(name) ?? { data: [], shape: [0, 0] };
  return Array.from({ length: shape[0] }, (_, i) => Array.from(data.slice(i * shape[1], (i + 1) * shape[1]), Number));
}

const vectorOf = (weights: Gpt2Weights, name: string): number[] => Array.from(weights.get(name)?.data ?? [], Number);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** x·W + b, with W as the files have it, [inputs, outputs]. */
function conv1d(weights: Gpt2Weights, name: string, x: readonly number[]): number[] {
  const matrix = matrixOf(weights, `${name}.weight`);
  return vectorOf(weights, `${name}.bias`).map((bias, j) => bias + sum(x.map((value, i) => value * matrix[i][j])));
}

function norm(weights: Gpt2Weights, name: string, x: readonly number[]): number[] {
  const mean = sum([...x]) / x.length;
  const variance = sum(x.map((value) => (value - mean) ** 2)) / x.length;
  const [weight, bias] = [vectorOf(weights, `${name}.weight`), vectorOf(weights, `${name}.bias`)];
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * weight[i] + bias[i]);
}

const geluNew = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]);

function attention(qkv: Matrix, heads: number): Matrix {
  const dim = qkv[0].length / 3;
  const width = dim / heads;
  return qkv.map((row, t) => Array.from({ length: heads }, (_, head) => {
    const part = (of: readonly number[], kind: number): number[] => of.slice(kind * dim + head * width, kind * dim + (head + 1) * width);
    const scores = qkv.slice(0, t + 1).map((other) => Math.exp(sum(part(row, 0).map((q, i) => q * part(other, 1)[i])) / Math.sqrt(width)));
    return Array.from({ length: width }, (_, i) => sum(scores.map((score, s) => score * part(qkv[s], 2)[i])) / sum(scores));
  }).flat());
}

/** Logits [T, V]. */
export function gpt2ByHand(weights: Gpt2Weights, ids: readonly number[], { layers, heads }: Gpt2Sizes): Matrix {
  const [tokens, positions] = [matrixOf(weights, "wte.weight"), matrixOf(weights, "wpe.weight")];
  let x = ids.map((id, t) => plus(tokens[id], positions[t]));
  for (let i = 0; i < layers; i++) {
    const at = (name: string): string => `h.${i}.${name}`;
    const mixed = attention(x.map((row) => conv1d(weights, at("attn.c_attn"), norm(weights, at("ln_1"), row))), heads);
    x = x.map((row, t) => plus(row, conv1d(weights, at("attn.c_proj"), mixed[t])));
    x = x.map((row) => plus(row, conv1d(weights, at("mlp.c_proj"), conv1d(weights, at("mlp.c_fc"), norm(weights, at("ln_2"), row)).map(geluNew))));
  }
  return x.map((row) => norm(weights, "ln_f", row)).map((row) => tokens.map((token) => sum(token.map((value, i) => value * row[i]))));
}
