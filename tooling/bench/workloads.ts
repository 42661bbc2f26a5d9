// What is timed, as data that every contestant builds its own program from: shapes of weights in a fixed order, inputs and labels.

export interface Numbers {
  readonly shape: readonly number[];
  /** Values are spread evenly over [around − scale, around + scale); the seed tells arrays apart. */
  readonly around: number;
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
const numbers = (shape: readonly number[], scale: number, around = 0): Numbers => ({ shape, scale, around, seed: ++seeds });
const inputs = (count: number, shape: readonly number[], scale = 1): Numbers[] => Array.from({ length: count }, () => numbers(shape, scale));

/** A layer's weight and bias, both within 1/√fan-in. */
function affine(outputs: number, ...fan: readonly number[]): Numbers[] {
  const scale = 1 / Math.sqrt(fan.reduce((a, b) => a * b, 1));
  return [numbers([outputs, ...fan], scale), numbers([outputs], scale)];
}

const norm = (size: number): Numbers[] => [numbers([size], 0.1, 1), numbers([size], 0.1)];
const cnn = (): Numbers[] => [...affine(32, 1, 5, 5), ...affine(64, 32, 5, 5), ...affine(128, 3136), ...affine(10, 128)];
const kernel = (): Numbers => numbers([64, 64, 3, 3], 0.05);
const images: readonly number[] = [8, 64, 56, 56];

const lstm = (): Numbers[] => {
  const scale = 1 / 16;
  return [numbers([65, 256], 1), numbers([1024, 256], scale), numbers([1024, 256], scale), numbers([1024], scale), numbers([1024], scale), ...affine(65, 256)];
};

const width = 128;
const block = (): Numbers[] => [...norm(width), ...affine(3 * width, width), ...affine(width, width), ...norm(width), ...affine(4 * width, width), ...affine(width, 4 * width)];
const gpt = (): Numbers[] => [numbers([65, width], 0.05), numbers([64, width], 0.05), ...[0, 1, 2, 3].flatMap(block), ...norm(width), ...affine(65, width)];

const mlp: Workload = {
  name: "mlp", title: "MLP 784-256-128-10, batch 64, SGD step", params: [...affine(256, 784), ...affine(128, 256), ...affine(10, 128)],
  inputs: inputs(1, [64, 784]), labels: { shape: [64], classes: 10 }, goal: "≤ 0.5 × jax-js",
};

export const workloads: readonly Workload[] = [
  ...[512, 1024].map((n): Workload => ({ name: `matmul${n}`, title: `matmul ${n}`, params: [], inputs: inputs(2, [n, n]), goal: "≤ 0.6 × tfjs-wasm" })),
  { name: "gelu", title: "gelu(x·a+b), 4 M floats", params: [], inputs: inputs(3, [1 << 22]), goal: "≤ 0.5 × torch-1t" },
  { name: "geluGradient", title: "gelu(x·a+b), 4 M floats, + dx", params: [], inputs: inputs(3, [1 << 22]), goal: "≤ 0.5 × torch-1t" },
  { name: "softmax", title: "softmax [4096, 512]", params: [], inputs: inputs(1, [4096, 512], 2), goal: "≤ 1.5 × torch-1t" },
  { name: "layerNorm", title: "layer norm [4096, 512]", params: norm(512), inputs: inputs(1, [4096, 512], 2), goal: "≤ 1.5 × torch-1t" },
  { name: "conv", title: "conv 64 ch 56×56 3×3, batch 8", params: [kernel()], inputs: inputs(1, images), goal: "≤ 1.0 × ort" },
  { name: "convGradient", title: "conv 64 ch 56×56 3×3, batch 8, + dx + dw", params: [kernel()], inputs: inputs(1, images), goal: "≤ 0.2 × tfjs-wasm-patched" },
  mlp,
  { name: "cnn", title: "CNN 28×28, batch 64, Adam step", params: cnn(), inputs: inputs(1, [64, 1, 28, 28]), labels: { shape: [64], classes: 10 }, goal: "≤ 0.15 × tfjs-wasm-patched" },
  { name: "cnnInference", title: "CNN 28×28, batch 1, inference", params: cnn(), inputs: inputs(1, [1, 1, 28, 28]), goal: "≤ 1.0 × ort" },
  { name: "lstm", title: "LSTM V65 H256 T64, batch 32, Adam step", params: lstm(), inputs: [], labels: { shape: [32, 64], classes: 65 }, goal: "≤ 0.12 × jax-js" },
  { name: "gpt", title: "GPT 4 × 128, T 64, batch 16, AdamW step", params: gpt(), inputs: [], labels: { shape: [16, 64], classes: 65 }, goal: "≤ 0.4 × jax-js" },
];

/** What is run in a fresh process, from its first import to its first loss. */
export const coldStart = { name: "coldStart", title: "Cold start: import, compile, first MLP step", program: mlp, goal: "≤ 150 ms" } as const;

/** Element i of an array: the same 32-bit mixing in every language. (Finalizer of MurmurHash3, Appleby, 2011) */
export function valueAt({ scale, around, seed }: Omit<Numbers, "shape">, i: number): number {
  let h = Math.imul((i + Math.imul(seed, 0x9e3779b1)) | 0, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return around + ((h >>> 0) / 2 ** 31 - 1) * scale;
}

export interface Filled {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A workload with its numbers. */
export interface Task {
  readonly name: string;
  readonly params: readonly Filled[];
  readonly inputs: readonly Filled[];
  readonly labels: Labels;
  /** What a language model reads, and what comes after each; classifiers learn the second. */
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const filled = (spec: Numbers): Filled => ({ shape: spec.shape, values: Float32Array.from({ length: sizeOf(spec.shape) }, (_, i) => valueAt(spec, i)) });
const sequence = ({ shape, classes }: Labels, shift: number): Int32Array => Int32Array.from({ length: sizeOf(shape) }, (_, i) => ((i + shift) * 7 + 3) % classes);

export function taskOf({ name, params, inputs: given, labels = { shape: [0], classes: 1 } }: Workload): Task {
  return { name, params: params.map(filled), inputs: given.map(filled), labels, tokens: sequence(labels, 0), targets: sequence(labels, 1) };
}
