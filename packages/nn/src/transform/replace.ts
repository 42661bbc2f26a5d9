import { isModule, joinPath, membersOf } from "../module/walk.js";
import type { Module } from "../module/module.js";

/**
 * Puts other modules in the place of some, in the model itself. `choose` is asked for every module, those above first, and gives the
 * replacement, or `null`, which leaves the module and asks for those below it.
 * @returns the model, or what replaces all of it
 */
export function replaceModules(model: Module, choose: (path: string, module: Module) => Module | null): Module {
  const other = choose("", model);
  if (other !== null) return other;
  replaceBelow(model, "", choose);
  return model;
}

function replaceBelow(parent: Module, prefix: string, choose: (path: string, module: Module) => Module | null): void {
  for (const { key, value, replace } of [...membersOf(parent)]) {
    if (!isModule(value)) continue;
    const path = joinPath(prefix, key);
    const other = choose(path, value);
    if (other === null) replaceBelow(value, path, choose);
    else replace(other);
  }
}
