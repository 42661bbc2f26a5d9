import { isTensor, tensor, type HostArray } from "@dl/tensor";
import { isHostArray } from "../../datasets/kinds.js";

/** What a thread is told first. */
export interface Start {
  readonly module: string;
  readonly options: unknown;
}

export interface Request {
  readonly id: number;
  readonly indices: Int32Array;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Either the data set is open, or a batch is done, or one of the two failed. */
export interface Reply {
  readonly length?: number;
  readonly id?: number;
  readonly batch?: unknown;
  readonly failure?: Failure;
}

const packedTensor = (value: object): HostArray | undefined => {
  const packed: unknown = "dl/tensor" in value ? value["dl/tensor"] : undefined;
  return typeof packed === "object" && packed !== null && isHostArray(packed) ? packed : undefined;
};

/** A batch as the data set made it: what came as host arrays for tensors becomes tensors of the backend in use. */
export function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || isTensor(value)) return value;
  if (Array.isArray(value)) return value.map(unpack);
  const packed = packedTensor(value);
  if (packed !== undefined) return tensor(packed.data, { shape: packed.shape, dtype: packed.dtype });
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, unpack(item)]));
}
