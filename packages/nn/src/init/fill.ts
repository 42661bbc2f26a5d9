import { DTypeError, ShapeError, checkOptions } from "@dl/registry";
import { defaultGenerator, isFloat, showShape } from "@dl/tensor";
import type { Generator, Shape, Tensor } from "@dl/tensor";
import { isSkeleton } from "./skeleton.js";

export interface InitOptions {
  /** Where random numbers come from; by default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

type Floats = Float32Array | Float64Array;

/** Where random numbers come from. */
export const generatorOf = ({ generator = defaultGenerator() }: InitOptions): Generator => generator;

/** Gives `target` the values that `write` fills in. Returns the target. */
export function fill<T extends Tensor>(where: string, target: T, write: (values: Floats) => void): T {
  if (isSkeleton()) return target;
  if (!isFloat(target.dtype)) throw new DTypeError(where, `cannot initialise a ${target.dtype} tensor`, "Give a float parameter", { dtype: target.dtype });
  const values = target.dtype === "float64" ? new Float64Array(target.size) : new Float32Array(target.size);
  write(values);
  target.assign(target.makeFrom(values, target.dtype, target.shape));
  return target;
}

export function fillUniform<T extends Tensor>(where: string, target: T, low: number, high: number, options: InitOptions): T {
  return fill(where, target, (values) => { generatorOf(options).fillUniform(values, low, high); });
}

export function fillNormal<T extends Tensor>(where: string, target: T, mean: number, std: number, options: InitOptions): T {
  return fill(where, target, (values) => { generatorOf(options).fillNormal(values, mean, std); });
}

/** Inputs and outputs of one unit of a weight [out, in, ...kernel]. */
export function fans(where: string, shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) {
    throw new ShapeError(where, `a tensor of shape ${showShape(shape)} has no fan-in`, "Give a weight of two dims or more, [out, in, ...kernel]", { shape });
  }
  const [out, into, ...kernel] = shape;
  const field = kernel.reduce((a, b) => a * b, 1);
  return { fanIn: into * field, fanOut: out * field };
}

export function checkInit(where: string, options: object, known: readonly string[] = []): void {
  checkOptions(where, options, ["generator", ...known]);
}
