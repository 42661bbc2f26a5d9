import type { DType, TypedArray } from "../dtype.js";
import { asBfloat16, asFloat16, fromBfloat16, fromFloat16 } from "./half.js";

/** Called with the position and value of a number that does not fit; throws. */
export type Refuse = (index: number, value: number | bigint) => never;

/** How numbers of one type of a file become numbers of ours, and back. Files are little-endian, as our hosts are. */
export interface FileDType {
  readonly name: string;
  /** Bytes per element. */
  readonly bytes: number;
  readonly dtype: DType;
  decode(raw: Uint8Array, refuse: Refuse): TypedArray;
  encode(data: TypedArray, refuse: Refuse): ArrayBufferView;
}

interface ArrayType<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
}

/** Reads `raw` in place where its address is a multiple of the element size, and a copy of it otherwise. */
function arrayOver<A>(type: ArrayType<A>, raw: Uint8Array): A {
  const bytes = type.BYTES_PER_ELEMENT;
  const aligned = raw.byteOffset % bytes === 0 ? raw : new Uint8Array(raw);
  return new type(aligned.buffer, aligned.byteOffset, raw.length / bytes);
}

/** A type that is stored as it is. */
const plain = (name: string, dtype: DType, type: ArrayType<TypedArray>): FileDType => ({
  name,
  bytes: type.BYTES_PER_ELEMENT,
  dtype,
  decode: (raw) => arrayOver(type, raw),
  encode: (data) => data,
});

function checkBits(data: TypedArray, refuse: Refuse): TypedArray {
  const wrong = data.findIndex((value) => value > 1);
  return wrong < 0 ? data : refuse(wrong, data[wrong]);
}

const bool: FileDType = {
  name: "BOOL",
  bytes: 1,
  dtype: "bool",
  decode: (raw, refuse) => checkBits(arrayOver(Uint8Array, raw), refuse),
  encode: checkBits,
};

const int32Range = [-(2 ** 31), 2 ** 31 - 1] as const;

interface IntegerFormat {
  readonly name: string;
  readonly bytes: number;
  readonly range: readonly [number, number];
  readonly read: (view: DataView, at: number) => number | bigint;
  readonly write: (view: DataView, at: number, value: number) => void;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

/** An integer type that has no equal among ours: it enters as int32, exactly or not at all. */
function integer({ name, bytes, range, read, write }: IntegerFormat): FileDType {
  return {
    name,
    bytes,
    dtype: "int32",
    decode(raw, refuse) {
      const view = viewOf(raw);
      const data = new Int32Array(raw.length / bytes);
      for (let i = 0; i < data.length; i++) {
        const value = read(view, i * bytes);
        if (value < int32Range[0] || value > int32Range[1]) refuse(i, value);
        data[i] = Number(value);
      }
      return data;
    },
    encode(data, refuse) {
      const raw = new Uint8Array(data.length * bytes);
      const view = viewOf(raw);
      for (let i = 0; i < data.length; i++) {
        if (data[i] < range[0] || data[i] > range[1]) refuse(i, data[i]);
        write(view, i * bytes, data[i]);
      }
      return raw;
    },
  };
}

interface HalfFormat {
  readonly name: string;
  /** The smallest magnitude that would round to infinity. */
  readonly tooLarge: number;
  readonly widen: (stored: Uint16Array) => Float32Array;
  readonly narrow: (data: Float32Array) => Uint16Array;
}

/** A 16-bit float, which enters as float32 exactly, and is rounded (ties to even) when written. */
function half({ name, tooLarge, widen, narrow }: HalfFormat): FileDType {
  return {
    name,
    bytes: 2,
    dtype: "float32",
    decode: (raw) => widen(arrayOver(Uint16Array, raw)),
    encode(data, refuse) {
      const floats = data instanceof Float32Array ? data : Float32Array.from(data);
      const overflow = floats.findIndex((value) => Math.abs(value) >= tooLarge && Number.isFinite(value));
      return overflow < 0 ? narrow(floats) : refuse(overflow, floats[overflow]);
    },
  };
}

// Made when a file is read or written, so that importing runs nothing.
const fileDTypeList = (): FileDType[] => [
  bool,
  plain("U8", "uint8", Uint8Array),
  plain("I8", "int8", Int8Array),
  integer({
    name: "I16",
    bytes: 2,
    range: [-(2 ** 15), 2 ** 15 - 1],
    read: (view, at) => view.getInt16(at, true),
    write: (view, at, value) => view.setInt16(at, value, true),
  }),
  integer({
    name: "U16",
    bytes: 2,
    range: [0, 2 ** 16 - 1],
    read: (view, at) => view.getUint16(at, true),
    write: (view, at, value) => view.setUint16(at, value, true),
  }),
  half({ name: "F16", tooLarge: 65520, widen: fromFloat16, narrow: asFloat16 }),
  half({ name: "BF16", tooLarge: (2 - 2 ** -8) * 2 ** 127, widen: fromBfloat16, narrow: asBfloat16 }),
  plain("I32", "int32", Int32Array),
  integer({
    name: "U32",
    bytes: 4,
    range: [0, 2 ** 31 - 1],
    read: (view, at) => view.getUint32(at, true),
    write: (view, at, value) => view.setUint32(at, value, true),
  }),
  plain("F32", "float32", Float32Array),
  plain("F64", "float64", Float64Array),
  integer({
    name: "I64",
    bytes: 8,
    range: int32Range,
    read: (view, at) => view.getBigInt64(at, true),
    write: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  }),
  integer({
    name: "U64",
    bytes: 8,
    range: [0, 2 ** 31 - 1],
    read: (view, at) => view.getBigUint64(at, true),
    write: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  }),
];

/** Every type we read, by its name in files, in safetensors' own order (narrow ones first). */
export const fileDTypes = (): ReadonlyMap<string, FileDType> => new Map(fileDTypeList().map((type) => [type.name, type]));

const plainNames: Readonly<Record<DType, string>> = {
  bool: "BOOL",
  uint8: "U8",
  int8: "I8",
  int32: "I32",
  float32: "F32",
  float64: "F64",
};

/** The name under which a dtype of ours is written when nothing else is asked for. */
export const plainFileDType = (dtype: DType): string => plainNames[dtype];
