// Four elements at a time, and in which form they are held.
import type { DType } from "@dl/tensor";
import { f32x4, i16x8, i32, i32x4, i8x16, v128 } from "../assembler/index.js";
import type { Code } from "../assembler/index.js";

/** float32 lanes, int32 lanes, or lanes of all ones or all zeros. */
export type Form = "f32" | "i32" | "mask";

export interface Value {
  readonly form: Form;
  /** Leaves the vector; cheap enough to be repeated (a local or a constant). */
  readonly code: Code<"v128">;
  /** The same number ready in other forms: constants and scalars need no conversion. */
  readonly others?: Readonly<Partial<Record<Form, Code<"v128">>>>;
}

/** How the backend computes with a dtype. */
export const formOf = (dtype: DType): Form => (dtype === "float32" ? "f32" : dtype === "bool" ? "mask" : "i32");

const isNonZero = (value: Value): Code<"v128"> => (value.form === "f32" ? f32x4.ne(value.code, f32x4.const(0)) : i32x4.ne(value.code, i32x4.const(0)));

/** The value in another form, as the assignment between the dtypes converts it. */
export function as(form: Form, value: Value): Code<"v128"> {
  if (form === value.form) return value.code;
  const ready = value.others?.[form];
  if (ready !== undefined) return ready;
  if (form === "mask") return isNonZero(value);
  if (value.form === "mask") return v128.and(value.code, form === "f32" ? f32x4.const(1) : i32x4.const(1));
  return form === "f32" ? f32x4.fromI32x4(value.code) : i32x4.truncSat(value.code);
}

export const bytesPerElement = (dtype: DType): 1 | 4 => (dtype === "float32" || dtype === "int32" ? 4 : 1);

/** Bytes of one dtype, loaded into 32-bit lanes. */
const widen = (dtype: DType, bytes: Code<"v128">): Code<"v128"> =>
  dtype === "int8" ? i32x4.extendLowI16(i16x8.extendLowI8(bytes)) : i32x4.extendLowU16(i16x8.extendLowU8(bytes));

/** Lanes as loaded → the form of the dtype. */
const settle = (dtype: DType, lanes: Code<"v128">): Code<"v128"> => (dtype === "bool" ? i32x4.ne(lanes, i32x4.const(0)) : lanes);

/** Four neighbours. */
export function loadUnit(dtype: DType, address: Code<"i32">, offset: number): Code<"v128"> {
  if (bytesPerElement(dtype) === 4) return v128.load(address, offset);
  return settle(dtype, widen(dtype, v128.load32Zero(address, offset)));
}

const loadByte = (dtype: DType, address: Code<"i32">): Code<"i32"> => (dtype === "int8" ? i32.load8s : i32.load8u)(address);

/** One element in all lanes. */
export function loadSplat(dtype: DType, address: Code<"i32">): Code<"v128"> {
  if (bytesPerElement(dtype) === 4) return v128.load32Splat(address);
  return settle(dtype, i32x4.splat(loadByte(dtype, address)));
}

/** Four elements at addresses of their own. */
export function loadLanes(dtype: DType, addresses: readonly Code<"i32">[]): Code<"v128"> {
  const [first, ...others] = addresses;
  if (bytesPerElement(dtype) === 4) return others.reduce((lanes, address, k) => v128.load32Lane(address, lanes, k + 1), v128.load32Zero(first));
  return settle(dtype, others.reduce((lanes, address, k) => i32x4.replace(lanes, loadByte(dtype, address), k + 1), i32x4.splat(loadByte(dtype, first))));
}

/** The four low bytes of 32-bit lanes, packed into the first lane. */
const packBytes = (lanes: Code<"v128">): Code<"v128"> => {
  const words = i16x8.narrowI32(lanes, lanes);
  return i8x16.narrowI16Unsigned(words, words);
};

function storable(dtype: DType, value: Value): Code<"v128"> {
  if (dtype === "float32") return as("f32", value);
  if (dtype === "int32") return as("i32", value);
  if (dtype === "bool") return packBytes(v128.and(as("mask", value), i32x4.const(1)));
  return packBytes(v128.and(as("i32", value), i32x4.const(0xff)));
}

export const storeUnit = (dtype: DType, address: Code<"i32">, value: Value, offset: number): Code =>
  bytesPerElement(dtype) === 4 ? v128.store(address, storable(dtype, value), offset) : v128.store32(address, storable(dtype, value), offset);

/** Stores lane k alone. */
export function storeLane(dtype: DType, address: Code<"i32">, value: Value, lane: number): Code {
  const lanes = storable(dtype, value);
  if (bytesPerElement(dtype) === 4) return v128.store32Lane(address, lanes, lane, 4 * lane);
  return i32.store8(address, i32.shrUnsigned(i32x4.extract(lanes, 0), i32.const(8 * lane)), lane);
}
