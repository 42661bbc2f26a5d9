import { DTypeError, ValueError, checkOptions } from "@dl/registry";
import { isFloat, isTensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

export const parameterBrand: unique symbol = Symbol.for("dl/parameter");
export const bufferBrand: unique symbol = Symbol.for("dl/buffer");

/** A tensor that a module learns: `backward` collects its gradient, optimizers replace its value. */
export type Parameter = Tensor & { readonly [parameterBrand]: true };

export interface BufferOptions {
  /** Whether the state dict holds it. Default true. */
  readonly persistent?: boolean;
  /** The type that files store it as, where PyTorch's differs: `"I64"` for a counter that is int32 here. */
  readonly fileDtype?: string;
}

/** A tensor that belongs to a module's state but is not learnt, such as a running mean. */
export type Buffer = Tensor & { readonly [bufferBrand]: BufferOptions };

export const isParameter = (value: unknown): value is Parameter => isTensor(value) && parameterBrand in value;
export const isBuffer = (value: unknown): value is Buffer => isTensor(value) && bufferBrand in value;

function leafOf(where: string, value: Tensor): Tensor {
  if (!isTensor(value)) throw new ValueError(where, `expected a tensor, got ${typeof value}`, "Make one first: zeros(shape)");
  return value.detach();
}

/**
 * A parameter with the value of a tensor, for a field of a module.
 * @throws DTypeError unless the dtype is a float
 */
export function parameter(value: Tensor): Parameter {
  const leaf = leafOf("parameter", value);
  if (!isFloat(leaf.dtype)) {
    throw new DTypeError("parameter", `a ${leaf.dtype} tensor cannot be learnt`, 'Use dtype "float32" or "float64", or buffer(tensor)', { dtype: leaf.dtype });
  }
  leaf.requiresGrad = true;
  return Object.assign(leaf, { [parameterBrand]: true as const });
}

/** A buffer with the value of a tensor, for a field of a module. */
export function buffer(value: Tensor, options: BufferOptions = {}): Buffer {
  checkOptions("buffer", options, ["persistent", "fileDtype"]);
  return Object.assign(leafOf("buffer", value), { [bufferBrand]: options });
}
