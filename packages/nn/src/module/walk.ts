import type { Tensor } from "@dl/tensor";
import type { Module } from "./module.js";
import { isBuffer, isParameter } from "./parameter.js";
import type { Buffer, Parameter } from "./parameter.js";

export const moduleBrand: unique symbol = Symbol.for("dl/module");

export const isModule = (value: unknown): value is Module => typeof value === "object" && value !== null && moduleBrand in value;

/** A parameter, buffer or module in a field of a module, or in an array, map or plain object there. */
export interface Member {
  /** Its name in state dicts: `weight_ih`, `blocks.0`. */
  readonly key: string;
  /** The field it stands in: `weightIh`, `blocks.0`. */
  readonly path: string;
  readonly value: Parameter | Buffer | Module;
  /** Puts another value in its place. */
  readonly replace: (value: Tensor | Module) => void;
}

/** `weightIh` → `weight_ih`, as PyTorch spells names. */
const snakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

export const joinPath = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

const isContainer = (value: object): boolean => Array.isArray(value) || value instanceof Map || isPlainObject(value);

interface Field {
  readonly name: string;
  readonly key: string;
  readonly value: unknown;
  readonly replace: (value: unknown) => void;
}

function fieldsOf(owner: object): Field[] {
  if (owner instanceof Map) {
    return [...(owner as Map<unknown, unknown>)].map(([name, value]) => ({
      name: String(name),
      key: String(name),
      value,
      replace: (other) => owner.set(name, other),
    }));
  }
  return Object.entries(owner).map(([name, value]: [string, unknown]) => ({
    name,
    key: snakeCase(name),
    value,
    replace: (other) => Reflect.set(owner, name, other),
  }));
}

function* membersIn(owner: object, key: string, path: string, seen: Set<object>): Generator<Member> {
  for (const field of fieldsOf(owner)) {
    const { value, replace } = field;
    if (typeof value !== "object" || value === null) continue;
    const at = { key: joinPath(key, field.key), path: joinPath(path, field.name) };
    if (isParameter(value) || isBuffer(value) || isModule(value)) yield { ...at, value, replace };
    else if (isContainer(value) && !seen.has(value)) {
      seen.add(value);
      yield* membersIn(value, at.key, at.path, seen);
    }
  }
}

/** The members of a module itself, in the order of its fields; not those of its submodules. */
export const membersOf = (module: Module): Generator<Member> => membersIn(module, "", "", new Set([module]));

/** A module and all below it with their keys, parents first. One that stands in two places comes twice; cycles are cut. */
export function* modulesOf(root: Module, prefix = "", above: readonly Module[] = []): Generator<readonly [key: string, module: Module]> {
  yield [prefix, root];
  const line = [...above, root];
  for (const { key, value } of membersOf(root)) {
    if (isModule(value) && !line.includes(value)) yield* modulesOf(value, joinPath(prefix, key), line);
  }
}

/** Every parameter and buffer of a module and those below it, with its key. */
export function* tensorsOf(root: Module): Generator<readonly [key: string, value: Parameter | Buffer]> {
  for (const [prefix, module] of modulesOf(root)) {
    for (const { key, value } of membersOf(module)) if (!isModule(value)) yield [joinPath(prefix, key), value];
  }
}

/** Entries whose value has not come before. */
export function* distinct<V>(entries: Iterable<readonly [string, V]>): Generator<readonly [string, V]> {
  const seen = new Set<V>();
  for (const entry of entries) {
    if (seen.has(entry[1])) continue;
    seen.add(entry[1]);
    yield entry;
  }
}
