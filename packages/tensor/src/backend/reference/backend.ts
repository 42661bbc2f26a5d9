import { dtypes, newArray } from "../../dtype.js";
import type { Backend, BackendFactory } from "../contract.js";
import { map } from "./map.js";
import { matmul } from "./matmul.js";
import { copy, gather, scatterAdd, toHost } from "./move.js";
import { reduce } from "./reduce.js";

/**
 * Plain JavaScript on typed arrays: always there, every dtype, and the oracle that other backends are compared with.
 * Formulas are interpreted a chunk at a time (no `eval`, so it runs under any content-security policy).
 */
export const createReferenceBackend = (): Backend => ({
  name: "reference",
  capabilities: { dtypes, readSync: true, maxOutputs: 16 },
  alloc: newArray,
  write: (dtype, data) => {
    const buffer = newArray(dtype, data.length);
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
