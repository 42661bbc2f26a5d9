import { StateError, ValueError } from "@dl/registry";
import type { LayerJson } from "@dl/registry";
import { isTensor, opBrand } from "@dl/tensor";
import { asSkeleton } from "../init/skeleton.js";
import { missingType } from "./module.js";
import type { Module } from "./module.js";
import type { Layer } from "./layer.js";
import { isModule, joinPath, membersOf } from "./walk.js";

/** The class's own type: an inherited one would bring back the parent. */
function typeOf(layer: Module): string {
  const { constructor } = layer;
  const type: unknown = Object.hasOwn(constructor, "type") ? Reflect.get(constructor, "type") : undefined;
  if (typeof type !== "string" || type === "") {
    throw missingType(constructor);
  }
  return type;
}

const isPlain = (value: object): boolean => [null, Object.prototype].includes(Object.getPrototypeOf(value) as object | null);

function nameOfFunction(where: string, value: object, path: string): { readonly function: string } {
  if (opBrand in value && "name" in value && typeof value.name === "string") return { function: value.name };
  throw new ValueError(where, `${path} is a function that is no op`, "Define it with elementwise, defineOp or defineComposite");
}

function objectToJson(where: string, value: object, path: string): unknown {
  const keys = Object.keys(value);
  if (keys.includes("type") && keys.includes("args")) throw new ValueError(where, `${path} looks like a layer's JSON`, "Pass the layer itself");
  if (keys.length === 1 && keys[0] === "function") throw new ValueError(where, `${path} looks like the name of a function`, "Pass the function itself");
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, argToJson(where, item, `${path}.${key}`)]));
}

function argToJson(where: string, value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "function") return nameOfFunction(where, value, path);
  if (isModule(value)) return value.toJSON();
  if (isTensor(value)) throw new ValueError(where, `${path} is a tensor`, "Pass sizes and options; values travel in the weights file");
  if (Array.isArray(value)) return value.map((item, i) => argToJson(where, item, `${path}[${i}]`));
  if (typeof value === "object" && isPlain(value)) return objectToJson(where, value, path);
  const found = typeof value === "object" ? `an instance of ${value.constructor.name}` : typeof value === "number" ? String(value) : typeof value;
  throw new ValueError(where, `${path} is ${found}, which JSON cannot hold`, "Pass plain values, modules or ops");
}

const modulesByPath = (module: Module): Map<string, Module> =>
  new Map([...membersOf(module)].flatMap(({ path, value }) => (isModule(value) ? [[path, value] as const] : [])));

const argsOf = (module: Module): unknown => ("args" in module ? (module as Layer).args : []);

/** Whether two arguments would build the same; what stands below modules is compared by their fields instead. */
function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isModule(a) && isModule(b)) return a.constructor === b.constructor && alike(argsOf(a), argsOf(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => alike(item, b[i]));
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => alike(Reflect.get(a, key), Reflect.get(b, key)));
}

/** Adds to `found` the modules below `own` that are not what construction makes. */
function collectReplaced(own: Module, made: Module, prefix: string, found: Record<string, LayerJson>): void {
  const present = modulesByPath(own);
  const originals = modulesByPath(made);
  for (const path of new Set([...present.keys(), ...originals.keys()])) {
    const child = present.get(path);
    const original = originals.get(path);
    const at = joinPath(prefix, path);
    if (child === undefined || original === undefined) {
      const fact = `the submodule "${at}" was ${child === undefined ? "taken away" : "added"} after construction`;
      throw new StateError(own.constructor.name, fact, "Make it in the constructor; replacing a submodule is fine");
    }
    if (child === original) continue;
    if (alike(child, original)) collectReplaced(child, original, at, found);
    else found[at] = child.toJSON();
  }
}

/** Compares with a layer freshly made from the same arguments; a layer without submodules has none to replace. */
function replacedChildren(layer: Layer): Record<string, LayerJson> {
  const found: Record<string, LayerJson> = {};
  if (modulesByPath(layer).size === 0) return found;
  const made: unknown = asSkeleton(() => Reflect.construct(layer.constructor, layer.args) as unknown);
  if (isModule(made)) collectReplaced(layer, made, "", found);
  return found;
}

export function layerToJson(layer: Layer): LayerJson {
  const type = typeOf(layer);
  const args = layer.args.map((arg, i) => argToJson(type, arg, `args[${i}]`));
  const children = replacedChildren(layer);
  return Object.keys(children).length > 0 ? { type, args, children } : { type, args };
}
