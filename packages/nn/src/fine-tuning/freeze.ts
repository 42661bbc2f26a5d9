import { UnknownNameError, nearMatches } from "@dl/registry";
import { isFrozen, setFrozen } from "../module/frozen.js";
import type { Module } from "../module/module.js";
import { isParameter } from "../module/parameter.js";
import { matcher } from "../module/pattern.js";
import type { PathPattern } from "../module/pattern.js";
import { isModule, joinPath, membersOf } from "../module/walk.js";

/** What of a model is learnt. */
export interface Trainability {
  /** Numbers that are learnt, and numbers that stay. */
  readonly trainable: number;
  readonly frozen: number;
  readonly trainableKeys: readonly string[];
  readonly frozenKeys: readonly string[];
}

/** Which parameters of a model are learnt. */
export function trainability(model: Module): Trainability {
  const entries = model.namedParameters();
  const of = (learnt: boolean): typeof entries => entries.filter(([, { requiresGrad }]) => requiresGrad === learnt);
  const numbers = (own: typeof entries): number => own.reduce((sum, [, { size }]) => sum + size, 0);
  const keys = (own: typeof entries): string[] => own.map(([key]) => key);
  return { trainable: numbers(of(true)), frozen: numbers(of(false)), trainableKeys: keys(of(true)), frozenKeys: keys(of(false)) };
}

/** @returns how many parameters and buffers were meant */
function setLearnt(model: Module, learnt: boolean, isMeant: (path: string) => boolean): number {
  let count = 0;
  for (const [path, module] of model.namedModules()) {
    const own = [...membersOf(module)].flatMap(({ key, value }) => (isModule(value) ? [] : [{ key: joinPath(path, key), value }]));
    const meant = own.filter(({ key }) => isMeant(key));
    count += meant.length;
    for (const { value } of meant) if (isParameter(value)) value.requiresGrad = learnt;
    // A layer of which something is still learnt is trained; one that has nothing to freeze does not care.
    if (meant.length === 0) continue;
    setFrozen(module, !learnt && own.every(({ key, value }) => isMeant(key) || (isParameter(value) && !value.requiresGrad)));
    module.training = model.training && !isFrozen(module);
  }
  return count;
}

function refuseNothing(where: string, model: Module, pattern: PathPattern, count: number): void {
  if (count > 0) return;
  const keys = model.namedParameters().map(([key]) => key);
  const parts = model.namedModules().map(([path]) => path).filter((path) => path !== "");
  const near = typeof pattern === "string" ? nearMatches(pattern, [...parts, ...keys]) : [];
  const hint = near.length > 0 ? `Did you mean ${near.map((name) => `"${name}"`).join(" or ")}?` : `The parameters are ${keys.slice(0, 12).map((key) => `"${key}"`).join(", ")}${keys.length > 12 ? `, … (${keys.length})` : ""}`;
  throw new UnknownNameError(where, `nothing in the model matches ${String(pattern)}`, hint, { pattern: String(pattern), near });
}

/**
 * Keeps parameters as they are: they get no gradient, and nothing is computed or stored for them in backward. Layers that are frozen as a whole
 * stay in evaluation while the model is trained, so that running statistics do not move and nothing is dropped.
 *
 *     freeze(model, "features");          // a part, by its path
 *     freeze(model, /^(conv|bn)/);        // or by a regular expression on the keys
 *
 * @param pattern all of the model without one
 * @returns the model
 * @throws UnknownNameError when nothing matches
 */
export function freeze<M extends Module>(model: M, pattern?: PathPattern): M {
  const count = setLearnt(model, false, pattern === undefined ? (): boolean => true : matcher(pattern));
  if (pattern !== undefined) refuseNothing("freeze", model, pattern, count);
  return model;
}

/** Lets parameters be learnt again; see `freeze`. */
export function unfreeze<M extends Module>(model: M, pattern?: PathPattern): M {
  const count = setLearnt(model, true, pattern === undefined ? (): boolean => true : matcher(pattern));
  if (pattern !== undefined) refuseNothing("unfreeze", model, pattern, count);
  return model;
}

/**
 * Freezes all that stands before a part of the model, in the order of its fields, and nothing from there on: lower layers see what all pictures
 * have, such as edges.
 *
 *     freezeUntil(model, "layer3");
 *
 * @throws UnknownNameError when there is no such part
 */
export function freezeUntil<M extends Module>(model: M, path: string): M {
  const isInPart = matcher(path);
  const keys = [...model.namedParameters(), ...model.namedBuffers()].map(([key]) => key);
  const parameters = model.namedParameters().map(([key]) => key);
  const first = parameters.findIndex(isInPart);
  if (first === -1) refuseNothing("freezeUntil", model, path, 0);
  unfreeze(model);
  const firstModules = new Set(parameters.slice(0, first).map(ownerOf));
  const before = new Set(keys.filter((key) => firstModules.has(ownerOf(key))));
  setLearnt(model, false, (key) => before.has(key));
  return model;
}

/** The path of the module that a parameter or buffer belongs to. */
const ownerOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf(".")));
