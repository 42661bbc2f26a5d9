import type { DType, TypedArray } from "@dl/tensor";
import { decodeFloat16, encodeFloat16 } from "./float16.js";

/** Called with the position and value of a number that does not fit; throws. */
export type Refuse = (index: number, value: number | bigint) => never;

/** How numbers of one of NumPy's types become ours, and back. Bytes are little-endian here, and lie in a buffer of their own. */
export interface NpyType {
  /** Kind and size as NumPy writes them: `f4`. */
  readonly code: string;
  readonly bytes: number;
  readonly dtype: DType;
  /** The name that `HostArray.fileDtype` has for it, where it is not the plain one of `dtype`. */
  readonly fileDtype?: string;
  decode(raw: Uint8Array<ArrayBuffer>, refuse: Refuse): TypedArray;
  /** @throws what `refuse` throws */
  encode(data: TypedArray, refuse: Refuse): ArrayBufferView;
}

interface ArrayClass<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): A;
}

const plain = (code: string, dtype: DType, array: ArrayClass<TypedArray>): NpyType => ({
  code,
  bytes: array.BYTES_PER_ELEMENT,
  dtype,
  decode: (raw) => new array(raw.buffer),
  encode: (data) => data,
});

function onlyBits(data: TypedArray, refuse: Refuse): TypedArray {
  const wrong = data.findIndex((value) => value > 1);
  return wrong < 0 ? data : refuse(wrong, data[wrong]);
}

const bool: NpyType = {
  code: "b1",
  bytes: 1,
  dtype: "bool",
  decode: (raw, refuse) => onlyBits(raw, refuse),
  encode: onlyBits,
};

interface Integers {
  readonly code: string;
  readonly fileDtype: string;
  readonly bytes: number;
  /** What int32 and the file's type share. */
  readonly range: readonly [low: number, high: number];
  readonly read: (buffer: ArrayBuffer) => ArrayLike<number | bigint>;
  readonly write: (data: TypedArray) => ArrayBufferView;
}

function checkRange(data: ArrayLike<number | bigint>, [low, high]: Integers["range"], refuse: Refuse): void {
  for (let i = 0; i < data.length; i++) if (data[i] < low || data[i] > high) refuse(i, data[i]);
}

/** An integer type that has no equal among ours: it enters as int32, exactly or not at all. */
const integers = ({ read, range, write, ...names }: Integers): NpyType => ({
  ...names,
  dtype: "int32",
  decode: (raw, refuse) => {
    const stored = read(raw.buffer);
    checkRange(stored, range, refuse);
    return Int32Array.from(stored, Number);
  },
  encode: (data, refuse) => {
    checkRange(data, range, refuse);
    return write(data);
  },
});

/** The smallest magnitude that float16 would round to infinity. */
const float16Limit = 65520;

const float16: NpyType = {
  code: "f2",
  bytes: 2,
  dtype: "float32",
  fileDtype: "F16",
  decode: (raw) => decodeFloat16(raw),
  encode: (data, refuse) => {
    const overflow = data.findIndex((value) => Math.abs(value) >= float16Limit && Number.isFinite(value));
    return overflow < 0 ? encodeFloat16(data) : refuse(overflow, data[overflow]);
  },
};

const least = -(2 ** 31);
const most = 2 ** 31 - 1;

// Made when a file is read or written, so that importing runs nothing.
const list = (): NpyType[] => [
  bool,
  plain("u1", "uint8", Uint8Array),
  plain("i1", "int8", Int8Array),
  plain("i4", "int32", Int32Array),
  plain("f4", "float32", Float32Array),
  plain("f8", "float64", Float64Array),
  float16,
  integers({ code: "i2", fileDtype: "I16", bytes: 2, range: [-(2 ** 15), 2 ** 15 - 1], read: (raw) => new Int16Array(raw), write: (data) => Int16Array.from(data) }),
  integers({ code: "u2", fileDtype: "U16", bytes: 2, range: [0, 2 ** 16 - 1], read: (raw) => new Uint16Array(raw), write: (data) => Uint16Array.from(data) }),
  integers({ code: "u4", fileDtype: "U32", bytes: 4, range: [0, most], read: (raw) => new Uint32Array(raw), write: (data) => Uint32Array.from(data) }),
  integers({ code: "i8", fileDtype: "I64", bytes: 8, range: [least, most], read: (raw) => new BigInt64Array(raw), write: (data) => BigInt64Array.from(data, BigInt) }),
  integers({ code: "u8", fileDtype: "U64", bytes: 8, range: [0, most], read: (raw) => new BigUint64Array(raw), write: (data) => BigUint64Array.from(data, BigInt) }),
];

/** Every type that is read and written, by its code. */
export const npyTypes = (): ReadonlyMap<string, NpyType> => new Map(list().map((type) => [type.code, type]));

interface Refusal {
  readonly fact: string;
  readonly fix: string;
}

const refusals: Readonly<Record<string, Refusal>> = {
  O: {
    fact: "pickled Python objects, and unpickling may run any program that the file holds",
    fix: "Store numbers: np.save(path, np.asarray(a, dtype=np.float32), allow_pickle=False)",
  },
  c: { fact: "complex numbers, which tensors do not have", fix: "Store the parts: np.save(path, np.stack([a.real, a.imag]))" },
  U: { fact: "text, which tensors do not have", fix: "Store it as JSON or as lines of a text file" },
  S: { fact: "byte strings, which tensors do not have", fix: "Store it as JSON or as lines of a text file" },
  V: { fact: "structured records", fix: "Store each field as an array of its own: np.savez(path, **{n: a[n] for n in a.dtype.names})" },
  M: { fact: "dates", fix: 'Store numbers: np.save(path, a.astype("int64"))' },
  m: { fact: "time spans", fix: 'Store numbers: np.save(path, a.astype("int64"))' },
  f: { fact: "floats of a size that tensors do not have", fix: "Store np.save(path, a.astype(np.float64))" },
};

/** Why a type is refused and what to do about it; `kind` is the letter of its code. */
export const refusalOf = (kind: string): Refusal =>
  Object.hasOwn(refusals, kind) ? refusals[kind] : { fact: "a type that is not known", fix: `Known are ${[...npyTypes().keys()].sort().join(", ")}` };
