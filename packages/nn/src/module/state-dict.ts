import { DTypeError, ShapeError, StateError, UnknownNameError, nearMatches } from "@dl/registry";
import { isFloat, isTensor, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Module } from "./module.js";
import { bufferBrand, isBuffer } from "./parameter.js";
import { tensorsOf } from "./walk.js";

/** Tensors by key, as `stateDict` returns them. */
export type StateDict = ReadonlyMap<string, Tensor>;

/** Keys that a state dict and a module do not share. */
export interface KeyDifference {
  /** The module has them, the state does not. */
  readonly missing: readonly string[];
  /** The state has them, the module does not. */
  readonly unexpected: readonly string[];
}

/** The live tensors of a module's state by key. */
export function stateTensors(module: Module): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const [key, value] of tensorsOf(module)) {
    if (isBuffer(value) && value[bufferBrand].persistent === false) continue;
    if (found.has(key)) throw new StateError("stateDict", `two fields give the key "${key}"`, "Rename one of them");
    found.set(key, value);
  }
  return found;
}

const shown = 8;

/** `"a" (did you mean "b"?), "c", … and 12 more`. */
function listKeys(keys: readonly string[], others: readonly string[]): string {
  const listed = keys.slice(0, shown).map((key) => {
    const near = nearMatches(key, others);
    return near.length > 0 ? `"${key}" (near: ${near.map((match) => `"${match}"`).join(", ")})` : `"${key}"`;
  });
  const rest = keys.length - listed.length;
  return rest > 0 ? `${listed.join(", ")} and ${rest} more` : listed.join(", ");
}

function refuseKeys(where: string, { missing, unexpected }: KeyDifference): void {
  if (missing.length + unexpected.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`missing ${listKeys(missing, unexpected)}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${listKeys(unexpected, missing)}`] : []),
  ];
  const fact = `the state belongs to another model: ${parts.join("; ")}`;
  throw new UnknownNameError(where, fact, "Build the model that was saved, or pass { strict: false } to load what fits; nothing was changed", { missing, unexpected });
}

/** Weights of int8 are no floats to be learnt, whatever else fits. */
function refuseInt8(where: string, own: ReadonlyMap<string, Tensor>, state: StateDict): void {
  for (const [key, value] of state) {
    const target = own.get(key);
    if (target === undefined || !isTensor(value) || value.dtype !== "int8" || !isFloat(target.dtype)) continue;
    throw new DTypeError(where, `"${key}" is int8 in the state: it belongs to a quantized model, and this one computes with ${target.dtype}`, "Build the model from the model.json of the checkpoint, or quantize this one first: quantize.dynamicInt8(model); quantize.dequantize turns it back. Nothing was changed", { key });
  }
}

function refuseValues(where: string, pairs: readonly (readonly [string, Tensor, Tensor])[]): void {
  for (const [key, own, value] of pairs) {
    if (!isTensor(value)) throw new DTypeError(where, `"${key}" is ${typeof value}, not a tensor`, "Give tensors by key, as stateDict() returns them");
    if (showShape(own.shape) !== showShape(value.shape)) {
      throw new ShapeError(where, `"${key}" has shape ${showShape(own.shape)} here and ${showShape(value.shape)} in the state`, "Build the model with the sizes it was saved with; nothing was changed");
    }
    if (own.dtype !== value.dtype) {
      throw new DTypeError(where, `"${key}" is ${own.dtype} here and ${value.dtype} in the state`, `Convert one of them: model.to("${value.dtype}"); nothing was changed`);
    }
  }
}

/** Gives `own` tensors the values of `state`. Everything is checked before anything is changed. */
export function loadTensors(where: string, own: ReadonlyMap<string, Tensor>, state: StateDict, strict: boolean): KeyDifference {
  const difference = {
    missing: [...own.keys()].filter((key) => !state.has(key)),
    unexpected: [...state.keys()].filter((key) => !own.has(key)),
  };
  refuseInt8(where, own, state);
  if (strict) refuseKeys(where, difference);
  const pairs = [...state].flatMap(([key, value]) => {
    const target = own.get(key);
    return target === undefined ? [] : [[key, target, value] as const];
  });
  refuseValues(where, pairs);
  for (const [, target, value] of pairs) target.assign(value.to(target.backend).detach());
  return difference;
}
