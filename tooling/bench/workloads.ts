// What is timed, as data that every contestant builds its own program from: shapes of weights in a fixed order, inputs and labels.

export interface Numbers {
  readonly shape: readonly number[];
  /** Values are spread evenly over [−scale, scale); the seed tells arrays apart. */
  readonly scale: number;
  readonly seed: number;
}

export interface Labels {
  readonly shape: readonly number[];
  readonly classes: number;
}

export interface Workload {
  readonly name: string;
  /** Shown in the table. */
  readonly title: string;
  readonly params: readonly Numbers[];
  readonly inputs: readonly Numbers[];
  readonly labels?: Labels;
  /** What the figures are compared with, in words. */
  readonly goal: string;
}

let seeds = 0;
const numbers = (shape: readonly number[], scale: number): Numbers => ({ shape, scale, seed: ++seeds });
/** A layer's weight, within 1/√fan-in, and its zero bias. */
const affine = (outputs: number, ...inputs: readonly number[]): Numbers[] => [numbers([outputs, ...inputs], 1 / Math.sqrt(inputs.reduce((a, b) => a * b, 1))), numbers([outputs], 0)];
const norm = (size: number): Numbers[] => [numbers([size], 0), numbers([size], 0)];

const width = 128;
const block = (): Numbers[] => [...norm(width), ...affine(3 * width, width), ...affine(width, width), ...norm(width), ...affine(4 * width, width), ...affine(width, 4 * width)];

/** Fixed order of parameters: see each contestant. Scales of norms' weights are added to 1. */
export const workloads: readonly Workload[] = [
  ...[512, 1024].map((n): Workload => ({ name: `matmul${n}`, title: `matmul ${n}`, params: [], inputs: [numbers([n, n], 1), numbers([n, n], 1)], goal: "≤ 0.6 × tfjs-wasm" })),
  { name: "gelu", title: "gelu(x·a+b), 4 M, forward", params: [], inputs: [0, 1, 2].map(() => numbers([1 << 22], 1)), goal: "≤ 0.5 × PyTorch 1T" },
  { name: "geluGradient", title: "gelu(x·a+b), 4 M, + dx", params: [], inputs: [0, 1, 2].map(() => numbers([1 << 22], 1)), goal: "≤ 0.5 × PyTorch 1T" },
  { name: "softmax", title: "softmax [4096, 512]", params: [], inputs: [numbers([4096, 512], 2)], goal: "≤ 1.5 × PyTorch 1T" },
  { name: "layerNorm", title: "layer norm [4096, 512]", params: norm(512), inputs: [numbers([4096, 512], 2)], goal: "≤ 1.5 × PyTorch 1T" },
  { name: "conv", title: "conv 64 ch 56×56 3×3, batch 8", params: [numbers([64, 64, 3, 3], 0.05)], inputs: [numbers([8, 64, 56, 56], 1)], goal: "≤ 1.0 × ort-web" },
  { name: "convGradient", title: "conv 64 ch 56×56 3×3 + dx + dw", params: [numbers([64, 64, 3, 3], 0.05)], inputs: [numbers([8, 64, 56, 56], 1)], goal: "≤ 0.2 × patched tfjs" },
  { name: "mlp", title: "MLP 784-256-128-10, batch 64, step", params: [...affine(256, 784), ...affine(128, 256), ...affine(10, 128)], inputs: [numbers([64, 784], 1)], labels: { shape: [64], classes: 10 }, goal: "≤ 0.5 × jax-js" },
  {
    name: "cnn", title: "CNN 28×28, batch 64, Adam step",
    params: [...affine(32, 1, 5, 5), ...affine(64, 32, 5, 5), ...affine(128, 3136), ...affine(10, 128)],
    inputs: [numbers([64, 1, 28, 28], 1)], labels: { shape: [64], classes: 10 }, goal: "≤ 2 × PyTorch 1T",
  },
  {
    name: "cnnInference", title: "CNN inference, batch 1",
    params: [...affine(32, 1, 5, 5), ...affine(64, 32, 5, 5), ...affine(128, 3136), ...affine(10, 128)], inputs: [numbers([1, 1, 28, 28], 1)], goal: "≤ 1.0 × ort-web",
  },
  {
    name: "lstm", title: "LSTM V65 H256 T64, batch 32, Adam step",
    params: [numbers([65, 256], 1), numbers([1024, 256], 1 / 16), numbers([1024, 256], 1 / 16), numbers([1024], 0), numbers([1024], 0), ...affine(65, 256)],
    inputs: [], labels: { shape: [32, 64], classes: 65 }, goal: "≤ 2.5 × PyTorch 1T",
  },
  {
    name: "gpt", title: "GPT 4 × 128, T 64, batch 16, AdamW step",
    params: [numbers([65, width], 0.05), numbers([64, width], 0.05), ...[0, 1, 2, 3].flatMap(block), ...norm(width), ...affine(65, width)],
    inputs: [], labels: { shape: [16, 64], classes: 65 }, goal: "≤ 2.2 × PyTorch 1T",
  },
];

/** Element i of an array: the same 32-bit mixing in every language. (Finalizer of MurmurHash3, Appleby, 2011) */
export function valueAt({ scale, seed }: Pick<Numbers, "scale" | "seed">, i: number): number {
  let h = Math.imul((i + Math.imul(seed, 0x9e3779b1)) | 0, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return ((h >>> 0) / 2 ** 31 - 1) * scale;
}

export const valuesOf = (spec: Numbers): Float32Array => Float32Array.from({ length: spec.shape.reduce((a, b) => a * b, 1) }, (_, i) => valueAt(spec, i));

/** Tokens in, and the token after each: what language models of the benchmark learn. */
export const tokensOf = ({ shape, classes }: Labels, shift: number): Int32Array => Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i + shift) * 7 + 3) % classes);
