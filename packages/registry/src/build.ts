import { DLError, FormatError } from "./errors.js";
import type { Entries, Kind, LayerClass } from "./plugin.js";

/** The JSON form of a layer. */
export interface LayerJson<Type extends string = string> {
  readonly type: Type;
  readonly args: readonly unknown[];
  /** Submodules that were replaced after construction, by the path of their field, such as `"encoder.layers.0"`. */
  readonly children?: Readonly<Record<string, unknown>>;
}

/** Where `buildLayer` finds classes and functions. `find` throws an error that starts with `where`. */
export interface Lookup {
  has(kind: Kind, name: string): boolean;
  find<K extends Kind>(where: string, kind: K, name: string): Entries[K];
}

const MAX_DEPTH = 256;
const UNSAFE_KEYS: readonly string[] = ["__proto__", "constructor", "prototype"];

const at = (path: string): string => `registry.build at ${path}`;
const malformed = (path: string, fact: string, fix: string): FormatError => new FormatError(at(path), fact, fix, { path });

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return isRecord(value) ? "an object" : `an instance of ${value.constructor.name}`;
  if (typeof value === "number" || typeof value === "boolean" || value === undefined) return String(value);
  return typeof value === "string" ? `the string ${JSON.stringify(value)}` : `a ${typeof value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Turns JSON values into constructor arguments; one level of nesting per instance. */
class Builder {
  readonly #lookup: Lookup;
  readonly #depth: number;

  constructor(lookup: Lookup, depth = 0) {
    this.#lookup = lookup;
    this.#depth = depth;
  }

  #deeper(path: string): Builder {
    if (this.#depth >= MAX_DEPTH) throw malformed(path, `the JSON nests deeper than ${String(MAX_DEPTH)} levels`, "Check the file");
    return new Builder(this.#lookup, this.#depth + 1);
  }

  layer(json: unknown, path: string): object {
    if (!isRecord(json)) throw malformed(path, `expected { type, args }, got ${describe(json)}`, "Pass the parsed JSON of a layer");
    const { type, args, children, ...rest } = json;
    if (typeof type !== "string") throw malformed(`${path}.type`, `expected a layer's type, got ${describe(type)}`, 'Write it as in "nn/Linear"');
    if (!Array.isArray(args)) throw malformed(`${path}.args`, `expected an array, got ${describe(args)}`, "List the constructor's arguments");
    const others = Object.keys(rest);
    if (others.length > 0) throw malformed(`${path}.${others[0]}`, "a layer has type, args and children", "Remove the key");

    const Layer = this.#lookup.find(at(path), "layers", type);
    const values = args.map((arg, i) => this.#deeper(path).value(arg, `${path}.args[${String(i)}]`));
    const layer = construct(Layer, values, path);
    if (children !== undefined) this.#replaceChildren(layer, children, `${path}.children`);
    return layer;
  }

  value(json: unknown, path: string): unknown {
    if (json === null || typeof json === "string" || typeof json === "boolean") return json;
    if (typeof json === "number" && Number.isFinite(json)) return json;
    const deeper = this.#deeper(path);
    if (Array.isArray(json)) return json.map((item, i) => deeper.value(item, `${path}[${String(i)}]`));
    if (!isRecord(json)) throw malformed(path, `${describe(json)} is not JSON`, "Tensors belong in the weights file, everything else is plain values");
    if ("type" in json && "args" in json) return this.layer(json, path);
    if ("function" in json && Object.keys(json).length === 1) return this.#function(json.function, path);
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => {
        if (UNSAFE_KEYS.includes(key)) throw malformed(`${path}.${key}`, "the key is not allowed", "Remove it");
        return [key, deeper.value(item, `${path}.${key}`)];
      }),
    );
  }

  #function(name: unknown, path: string): unknown {
    if (typeof name !== "string") throw malformed(`${path}.function`, `expected the name of an op or a loss, got ${describe(name)}`, 'Write it as in "gelu"');
    const kind = !this.#lookup.has("ops", name) && this.#lookup.has("losses", name) ? "losses" : "ops";
    return this.#lookup.find(at(path), kind, name);
  }

  #replaceChildren(layer: object, children: unknown, path: string): void {
    if (!isRecord(children)) throw malformed(path, `expected an object of layers by path, got ${describe(children)}`, 'Write { "field.path": { type, args } }');
    for (const [child, json] of Object.entries(children)) {
      const childPath = `${path}[${JSON.stringify(child)}]`;
      setField(layer, child, this.#deeper(childPath).layer(json, childPath), childPath);
    }
  }
}

function construct(Layer: LayerClass, args: unknown[], path: string): object {
  try {
    return new Layer(...(args as never[]));
  } catch (cause) {
    if (cause instanceof DLError) throw cause;
    const error = malformed(path, `${Layer.type} refused its arguments: ${String(cause)}`, "Compare args with its constructor");
    error.cause = cause;
    throw error;
  }
}

interface Slot {
  readonly value: unknown;
  /** Whether the new value was taken. */
  readonly set: (value: object) => boolean;
}

/** The entry `name` of an object, array or map; inherited ones do not count. */
function slotIn(owner: unknown, name: string): Slot | undefined {
  if (owner instanceof Map) {
    const map: Map<unknown, unknown> = owner;
    const key = [...map.keys()].find((candidate) => String(candidate) === name);
    return key === undefined ? undefined : { value: map.get(key), set: (value) => map.set(key, value).has(key) };
  }
  if (typeof owner !== "object" || owner === null || !Object.hasOwn(owner, name)) return undefined;
  return { value: Reflect.get(owner, name), set: (value) => Reflect.set(owner, name, value) };
}

/** Replaces the field at `fieldPath`, through objects, arrays and maps. It must be there already. */
function setField(root: object, fieldPath: string, value: object, path: string): void {
  const names = fieldPath.split(".");
  let slot: Slot = { value: root, set: () => false };
  for (const [depth, name] of names.entries()) {
    const next = slotIn(slot.value, name);
    if (next === undefined) {
      throw malformed(path, `there is no field "${names.slice(0, depth + 1).join(".")}" to replace`, "The file was written by another version of the layer");
    }
    slot = next;
  }
  if (!slot.set(value)) throw malformed(path, `the field "${fieldPath}" cannot be replaced`, "It is read-only");
}

export function buildLayer(json: unknown, lookup: Lookup): object {
  return new Builder(lookup).layer(json, "$");
}
