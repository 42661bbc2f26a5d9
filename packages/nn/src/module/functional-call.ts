import { UnknownNameError, nearMatches } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { Module } from "./module.js";
import { isModule, joinPath, membersOf, modulesOf } from "./walk.js";

interface Place {
  readonly value: Tensor;
  readonly replace: (value: Tensor) => void;
}

/** Where the parameters and buffers of a module and those below it stand, by key. */
function placesOf(module: Module): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [prefix, owner] of modulesOf(module)) {
    for (const { key, value, replace } of membersOf(owner)) if (!isModule(value)) places.set(joinPath(prefix, key), { value, replace });
  }
  return places;
}

/**
 * Runs `body` while other tensors stand in the place of some parameters and buffers, by key. Gradients flow into the tensors given.
 *
 *     functionalCall(layer, { weight: layer.weight.mul(mask) }, () => layer.forward(x));
 *
 * @throws UnknownNameError for a key that the module does not have
 */
export function functionalCall<T>(module: Module, tensors: Readonly<Record<string, Tensor>>, body: () => T): T {
  const places = placesOf(module);
  const replaced = Object.entries(tensors).map(([key, value]) => {
    const place = places.get(key);
    if (place !== undefined) return { ...place, other: value };
    const known = [...places.keys()];
    throw new UnknownNameError("functionalCall", `there is no parameter or buffer "${key}"`, `It has ${known.join(", ")}`, { key, near: nearMatches(key, known) });
  });
  try {
    for (const { replace, other } of replaced) replace(other);
    return body();
  } finally {
    for (const { replace, value } of replaced) replace(value);
  }
}
