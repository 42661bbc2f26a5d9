import { tensor } from "@dl/tensor";
import type { HostArray, Tensor } from "@dl/tensor";
import { bufferBrand, isBuffer } from "../module/parameter.js";
import type { StateDict } from "../module/state-dict.js";

/** Reads tensors to the host, all as they are at the time of the call. */
export async function toHost(tensors: StateDict): Promise<Map<string, HostArray>> {
  const snapshot = [...tensors].map(([key, value]) => ({
    key,
    value: value.detach(),
    fileDtype: isBuffer(value) ? value[bufferBrand].fileDtype : undefined,
  }));
  const read = snapshot.map(async ({ key, value, fileDtype }): Promise<[string, HostArray]> => {
    const host = { dtype: value.dtype, shape: value.shape, data: await value.data() };
    return [key, fileDtype === undefined ? host : { ...host, fileDtype }];
  });
  return new Map(await Promise.all(read));
}

/** Makes tensors on the backend in use. */
export const fromHost = (arrays: ReadonlyMap<string, HostArray>): Map<string, Tensor> =>
  new Map([...arrays].map(([key, { data, shape, dtype }]) => [key, tensor(data, { shape, dtype })]));
