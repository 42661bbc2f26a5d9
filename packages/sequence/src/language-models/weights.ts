import { isTensor, tensor } from "@dl/tensor";
import type { HostArray, Tensor } from "@dl/tensor";

/** Weights by name: tensors, or what `decodeSafetensors` reads. */
export type Weights = ReadonlyMap<string, Tensor | HostArray>;

/** All of them as tensors. */
export const tensorsIn = (weights: Weights): Map<string, Tensor> =>
  new Map([...weights].map(([name, value]) => [name, isTensor(value) ? value : tensor(value.data, { shape: value.shape, dtype: value.dtype })]));
