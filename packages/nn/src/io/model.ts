import { decodeSafetensors, encodeSafetensors } from "@dl/tensor";
import type { LoadOptions, Module } from "../module/module.js";
import { stateTensors } from "../module/state-dict.js";
import type { KeyDifference } from "../module/state-dict.js";
import { fromHost, toHost } from "./host.js";

/** A model's parameters and buffers as a safetensors file, with PyTorch's names and layouts. */
export async function saveModel(model: Module): Promise<Uint8Array> {
  return encodeSafetensors(await toHost(stateTensors(model)));
}

/**
 * Gives a model the values of a safetensors file, written by `saveModel` or by PyTorch.
 * @returns the keys that were missing and unexpected, which only `strict: false` allows
 * @throws FormatError with the byte offset of what is damaged; UnknownNameError, ShapeError, DTypeError when it is the file of
 * another model, which then is unchanged
 */
export function loadModel(model: Module, bytes: Uint8Array, options?: LoadOptions): KeyDifference {
  return model.loadStateDict(fromHost(decodeSafetensors(bytes, "loadModel").tensors), options);
}
