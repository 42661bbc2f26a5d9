import { DTypeError, ShapeError } from "@dl/registry";
import { build } from "./create.js";
import type { TensorOptions } from "./create.js";
import type { TypedArray } from "./dtype.js";
import { defaultGenerator } from "./random/default.js";
import type { Generator } from "./random/generator.js";
import { fillBernoulli, fillInt, sampleIndices } from "./random/sampling.js";
import { readNow } from "./read.js";
import { showShape } from "./shape.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

export interface RandomOptions extends TensorOptions {
  /** Where the numbers come from; by default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

function split(options: RandomOptions = {}): [Generator, TensorOptions] {
  const { generator = defaultGenerator(), ...rest } = options;
  return [generator, rest];
}

/** @throws DTypeError unless `data` holds floats */
function asFloats(where: string, data: TypedArray): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  throw new DTypeError(where, "random real numbers need a float dtype", 'Use "float32" or "float64"');
}

/** Uniform in [0, 1). */
export function rand(shape: Shape, options?: RandomOptions): Tensor {
  const [generator, rest] = split(options);
  return build("rand", shape, rest, (data) => { generator.fillUniform(asFloats("rand", data)); });
}

/** Standard normal. */
export function randn(shape: Shape, options?: RandomOptions): Tensor {
  const [generator, rest] = split(options);
  return build("randn", shape, rest, (data) => { generator.fillNormal(asFloats("randn", data)); });
}

/** Whole numbers in [low, high), int32. */
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor {
  const [generator, rest] = split(options);
  return build("randint", shape, rest, (data) => { fillInt(generator, data, low, high); }, "int32");
}

/** 1 with probability p, a number or one per element; float32. */
export function bernoulli(shape: Shape, p: number | ArrayLike<number>, options?: RandomOptions): Tensor {
  const [generator, rest] = split(options);
  return build("bernoulli", shape, rest, (data) => { fillBernoulli(generator, data, p); });
}

/** The numbers 0 … n − 1 in random order, int32. */
export function permutation(n: number, options?: RandomOptions): Tensor {
  const [generator, rest] = split(options);
  const order = generator.permutation(n);
  return build("permutation", [n], rest, (data) => { data.set(order); }, "int32");
}

/**
 * Draws `numSamples` indices with probabilities proportional to `weights`.
 * Shapes: [V] → [numSamples], [N, V] → [N, numSamples]; int32.
 */
export function multinomial(weights: Tensor, numSamples: number, options: RandomOptions & { readonly replacement?: boolean } = {}): Tensor {
  const { replacement = false, ...random } = options;
  const [generator, rest] = split(random);
  if (weights.ndim !== 1 && weights.ndim !== 2) {
    throw new ShapeError("multinomial", `weights have shape ${showShape(weights.shape)}`, "Give [V] or [N, V]", { shape: weights.shape });
  }
  const values = readNow(weights);
  const width = weights.shape[weights.ndim - 1];
  const rows = weights.ndim === 1 ? 1 : weights.shape[0];
  const shape = weights.ndim === 1 ? [numSamples] : [rows, numSamples];
  return build("multinomial", shape, rest, (data) => {
    for (let i = 0; i < rows; i++) data.set(sampleIndices(generator, values.subarray(i * width, (i + 1) * width), numSamples, replacement), i * numSamples);
  }, "int32");
}
