import { FormatError, ValueError } from "@dl/registry";
import { isTensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

// What stands for a value that JSON cannot hold: an object whose only key is one of these.
const tensorKey = "$tensor";
const mapKey = "$map";
const numberKey = "$number";
const marks = [tensorKey, mapKey, numberKey];

const isPlain = (value: object): boolean => [null, Object.prototype].includes(Object.getPrototypeOf(value) as object | null);

/** JSON would write NaN and infinities as null, and −0 as 0. */
const isExact = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

const nameOf = (value: unknown): string => (typeof value === "object" && value !== null ? `an instance of ${value.constructor.name}` : typeof value);

/**
 * Plain data as JSON. Tensors are put into `tensors` under their path, and a copy is made of everything else, so that later changes
 * do not reach it. Maps, NaN, infinities and −0 are kept as well.
 * @param path where the value stands, for names of tensors and errors
 * @throws ValueError for what files cannot hold, such as functions and instances of classes
 */
export function toPlain(value: unknown, path: string, tensors: Map<string, Tensor>): unknown {
  const inner = (item: unknown, key: string | number): unknown => toPlain(item, `${path}.${key}`, tensors);
  if (value === undefined || value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return isExact(value) ? value : { [numberKey]: Object.is(value, -0) ? "-0" : String(value) };
  if (isTensor(value)) {
    // Keys may hold dots, so two tensors may have one path.
    const name = tensors.has(path) ? `${path}#${tensors.size}` : path;
    tensors.set(name, value);
    return { [tensorKey]: name };
  }
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Map) return { [mapKey]: Array.from(value as ReadonlyMap<unknown, unknown>, ([key, item]) => [key, inner(item, String(key))]) };
  if (typeof value !== "object" || !isPlain(value)) throw new ValueError("saveCheckpoint", `${path} is ${nameOf(value)}, which a file cannot hold`, "Save numbers, text, tensors, and arrays, maps and plain objects of them");
  const mark = Object.keys(value).find((key) => marks.includes(key));
  if (mark !== undefined) throw new ValueError("saveCheckpoint", `${path} has a key "${mark}"`, "That name is taken: choose another one");
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, inner(item, key)]));
}

/**
 * What `toPlain` was given.
 * @throws FormatError for a tensor that is not there
 */
export function fromPlain(value: unknown, tensors: ReadonlyMap<string, Tensor>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, tensors));
  if (numberKey in value) return Number(value[numberKey]);
  if (mapKey in value) return new Map((value[mapKey] as readonly (readonly [unknown, unknown])[]).map(([key, item]) => [key, fromPlain(item, tensors)]));
  if (tensorKey in value) {
    const found = tensors.get(String(value[tensorKey]));
    if (found === undefined) throw new FormatError("loadCheckpoint", `the tensor "${String(value[tensorKey])}" is missing`, "Use another checkpoint");
    return found;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item, tensors)]));
}
