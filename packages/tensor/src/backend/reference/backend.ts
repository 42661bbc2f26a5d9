import { BackendError } from "@dl/registry";
import { bytesOf, dtypes, newArray } from "../../dtype.js";
import type { DType, TypedArray } from "../../dtype.js";
import type { Backend, BackendFactory } from "../contract.js";
import { map } from "./map.js";
import { matmul } from "./matmul.js";
import { copy, gather, scatterAdd, toHost } from "./move.js";
import { reduce } from "./reduce.js";

/** @throws BackendError where the engine has no array of this size */
function alloc(dtype: DType, size: number): TypedArray {
  try {
    return newArray(dtype, size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const bytes = size * bytesOf(dtype);
    throw new BackendError("reference backend", `no memory for ${size} elements of ${dtype}, ${bytes} bytes`, "Use smaller tensors, such as a smaller batch", { bytes });
  }
}

/**
 * Plain JavaScript on typed arrays: always there, every dtype, and the oracle that other backends are compared with.
 * Formulas are interpreted a chunk at a time (no `eval`, so it runs under any content-security policy).
 */
export const createReferenceBackend = (): Backend => ({
  name: "reference",
  capabilities: { dtypes, readSync: true, maxOutputs: 16 },
  alloc,
  write: (dtype, data) => {
    const buffer = alloc(dtype, data.length);
    buffer.set(data);
    return buffer;
  },
  read: (view) => Promise.resolve(toHost(view)),
  readSync: toHost,
  free: () => undefined,
  map,
  reduce,
  matmul,
  gather,
  scatterAdd,
  copy,
});

export const reference: BackendFactory = { name: "reference", isAvailable: () => true, create: createReferenceBackend };
