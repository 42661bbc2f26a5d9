import { isTensor, type HostArray, type Tensor, type TypedArray } from "@dl/tensor";

/** What can be joined, by what it is joined as. */
interface Values {
  number: number;
  boolean: boolean;
  string: string;
  tensor: Tensor;
  array: HostArray;
  "typed array": TypedArray;
  "list of numbers": readonly number[];
  list: readonly unknown[];
  object: Readonly<Record<string, unknown>>;
}

type Kind = keyof Values;

/** A sample, or a piece of one. */
export type Part = { readonly [K in Kind]: { readonly kind: K; readonly value: Values[K] } }[Kind];

/** The values of the parts that are of a kind. */
export const valuesOf = <K extends Kind>(parts: readonly Part[], kind: K): Values[K][] =>
  parts.filter((part): part is Part & { readonly kind: K; readonly value: Values[K] } => part.kind === kind).map(({ value }) => value);

const isTypedArray = (value: unknown): value is TypedArray =>
  value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array || value instanceof Int8Array;

const isNumbers = (value: readonly unknown[]): value is readonly number[] => value.length > 0 && value.every((item) => typeof item === "number");

export const isHostArray = (value: object): value is HostArray => "dtype" in value && "shape" in value && "data" in value && isTypedArray(value.data);

const isRecord = (value: object): value is Readonly<Record<string, unknown>> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** `undefined` for what cannot be joined: functions, null, instances of classes, dates. */
export function partOf(value: unknown): Part | undefined {
  if (typeof value === "number") return { kind: "number", value };
  if (typeof value === "boolean") return { kind: "boolean", value };
  if (typeof value === "string") return { kind: "string", value };
  if (typeof value !== "object" || value === null) return undefined;
  if (isTensor(value)) return { kind: "tensor", value };
  if (isTypedArray(value)) return { kind: "typed array", value };
  if (isHostArray(value)) return { kind: "array", value };
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return isNumbers(items) ? { kind: "list of numbers", value: items } : { kind: "list", value: items };
  }
  return isRecord(value) ? { kind: "object", value } : undefined;
}

export const describe = (value: unknown): string => partOf(value)?.kind ?? (value === null ? "null" : typeof value);
