import { DTypeError, FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import type { HostArray, Shape, TypedArray } from "@dl/tensor";
import { npyTypes, refusalOf } from "./npy-types.js";
import type { NpyType } from "./npy-types.js";

/** \x93NUMPY. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Magic number and version; the header's length follows. */
const prefixBytes = magic.length + 2;
const alignment = 64;

interface Header {
  readonly type: NpyType;
  readonly bigEndian: boolean;
  readonly columnMajor: boolean;
  readonly shape: Shape;
  /** Where the elements begin. */
  readonly dataStart: number;
}

const broken = (where: string, offset: number, fact: string, fix = "The file is damaged, or not of this format"): FormatError =>
  new FormatError(where, `byte ${offset}: ${fact}`, fix, { offset });

/** The header's text, and where it stands. */
function headerText(bytes: Uint8Array, where: string): { readonly text: string; readonly start: number; readonly end: number } {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const start = [...bytes.subarray(0, magic.length)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw broken(where, 0, `expected 93 4e 55 4d 50 59, got ${start || "no bytes"}`, "Check that the file was written by np.save");
  }
  const version = bytes.at(magic.length) ?? 0;
  if (version < 1 || version > 3) throw broken(where, magic.length, `the format has versions 1 to 3, the file has version ${version}`);
  const lengthBytes = version === 1 ? 2 : 4;
  const start = prefixBytes + lengthBytes;
  if (bytes.length < start) throw broken(where, bytes.length, "the file ends within the header's length");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(prefixBytes, true) : view.getUint32(prefixBytes, true);
  const end = start + length;
  if (bytes.length < end) throw broken(where, bytes.length, `the header claims ${length} bytes from byte ${start} on, the file ends before`);
  return { text: new TextDecoder().decode(bytes.subarray(start, end)), start, end };
}

function typeOf(descr: string, where: string, offset: number): { readonly type: NpyType; readonly bigEndian: boolean } {
  const [, order = "", kind = "V", size = ""] = /^'([<>|=]?)([A-Za-z])(\d*)/.exec(descr) ?? [];
  const type = npyTypes().get(`${kind}${size}`);
  if (type !== undefined && descr === `'${order}${kind}${size}'`) return { type, bigEndian: order === ">" && type.bytes > 1 };
  const { fact, fix } = refusalOf(kind);
  throw broken(where, offset, `the elements are of type ${descr}: ${fact}`, fix);
}

function shapeOf(tuple: string, where: string, offset: number): number[] {
  const sizes = tuple.slice(1, -1).split(",").map((part) => part.trim());
  if (sizes.at(-1) === "") sizes.pop();
  return sizes.map((size) => {
    // NumPy on Python 2 wrote 3L.
    const value = /^\d+L?$/.test(size) ? Number.parseInt(size, 10) : NaN;
    if (!Number.isSafeInteger(value)) throw broken(where, offset, `the shape is ${tuple}`);
    return value;
  });
}

/** A Python dict of three entries, in any order. */
function readHeader(bytes: Uint8Array, where: string): Header {
  const { text, start, end } = headerText(bytes, where);
  const entries = text.matchAll(/'(\w+)'\s*:\s*(\[.*\]|'[^']*'|\([^)]*\)|True|False)/gs);
  const fields = new Map(Array.from(entries, ([, key, value]) => [key, value]));
  const [descr, order, tuple] = ["descr", "fortran_order", "shape"].map((key) => {
    const value = fields.get(key);
    if (value === undefined) throw broken(where, start, `the header ${JSON.stringify(text.trim().slice(0, 200))} has no ${key}`);
    return value;
  });
  if (!/^(True|False)$/.test(order)) throw broken(where, start, `fortran_order is ${order}`);
  if (!tuple.startsWith("(")) throw broken(where, start, `the shape is ${tuple}`);
  return { ...typeOf(descr, where, start), columnMajor: order === "True", shape: shapeOf(tuple, where, start), dataStart: end };
}

const showTuple = (shape: Shape): string => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** The elements in a buffer of their own, little-endian. */
function rawElements(bytes: Uint8Array, { type, bigEndian, dataStart }: Header): Uint8Array<ArrayBuffer> {
  const raw = Uint8Array.from(bytes.subarray(dataStart));
  if (bigEndian) for (let at = 0; at < raw.length; at += type.bytes) raw.subarray(at, at + type.bytes).reverse();
  return raw;
}

/** The elements of a column-major array row by row. */
function rowMajor(data: TypedArray, shape: Shape): TypedArray {
  const out = data.slice();
  const strides = shape.map((_, dim) => sizeOf(shape.slice(0, dim)));
  const index = shape.map(() => 0);
  for (let i = 0, from = 0; i < out.length; i++) {
    out[i] = data[from];
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      from += strides[dim];
      index[dim] += 1;
      if (index[dim] < shape[dim]) break;
      from -= strides[dim] * shape[dim];
      index[dim] = 0;
    }
  }
  return out;
}

/**
 * Reads a file of NumPy's np.save: versions 1 to 3, both byte orders, row-major and Fortran order, the types
 * b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 and f8. f2 enters as float32; i2, i8, u2, u4 and u8 enter as int32; there `fileDtype`
 * remembers the file's type. (NumPy Enhancement Proposal 1, 2007)
 * @param where names the file in errors
 * @throws FormatError with the byte offset: another format, a file that ends too early or has bytes left over, a number that int32
 * cannot hold, and a type that tensors do not have, such as complex numbers, text or pickled objects
 */
export function decodeNpy(bytes: Uint8Array, where = "decodeNpy"): HostArray {
  const header = readHeader(bytes, where);
  const { type, shape, columnMajor, dataStart } = header;
  const end = dataStart + sizeOf(shape) * type.bytes;
  if (bytes.length !== end) {
    const fact = `the shape ${showTuple(shape)} of ${type.code} ends at byte ${end}, the file at ${bytes.length}`;
    throw broken(where, Math.min(end, bytes.length), fact, "Fetch the file again");
  }
  const data = type.decode(rawElements(bytes, header), (index, value) => {
    throw broken(where, dataStart + index * type.bytes, `${value} is no ${type.dtype}`, `Store numbers that ${type.dtype} can hold`);
  });
  const { dtype, fileDtype } = type;
  const array = { dtype, shape, data: columnMajor ? rowMajor(data, shape) : data };
  return fileDtype === undefined ? array : { ...array, fileDtype };
}

const where = "encodeNpy";

function typeFor({ dtype, fileDtype }: HostArray): NpyType {
  const candidates = [...npyTypes().values()].filter((type) => type.dtype === dtype);
  const type = candidates.find((candidate) => candidate.fileDtype === fileDtype);
  if (type !== undefined) return type;
  const known = candidates.map((candidate) => candidate.fileDtype).filter((name) => name !== undefined);
  throw new UnknownNameError(where, `${dtype} is not stored as "${String(fileDtype)}"`, `Leave fileDtype out${known.map((name) => `, or use ${name}`).join("")}`, { dtype, fileDtype, known });
}

function checkArray({ dtype, shape, data }: HostArray): void {
  const holds = { bool: Uint8Array, uint8: Uint8Array, int8: Int8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array }[dtype];
  if (!(data instanceof holds)) throw new DTypeError(where, `the array is ${dtype}, its data a ${data.constructor.name}`, `Give a ${holds.name}`);
  if (data.length !== sizeOf(shape)) throw new ShapeError(where, `${data.length} numbers for shape [${shape.join(", ")}]`, "Give the shape of the data", { shape, length: data.length });
}

/** The dict as NumPy writes it, with its room for the first size to grow. */
function describe({ code, bytes }: NpyType, shape: Shape): Uint8Array {
  const order = bytes === 1 ? "|" : "<";
  const dict = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${showTuple(shape)}, }`;
  const room = " ".repeat(shape.length === 0 ? 0 : Math.max(0, 21 - String(shape[0]).length));
  const used = prefixBytes + 2 + dict.length + room.length + 1;
  const padding = " ".repeat(alignment - (used % alignment));
  return new TextEncoder().encode(`${dict}${room}${padding}\n`);
}

/**
 * Writes a file that NumPy's np.load reads: version 1, little-endian, row-major, byte for byte what np.save writes. A `fileDtype` is
 * honoured: int32 can be written as I16, U16, U32, I64 or U64, float32 as F16 (rounded to nearest, ties to even).
 * @throws DTypeError, ShapeError when data, dtype and shape disagree
 * @throws UnknownNameError for a `fileDtype` that npy does not have; ValueError for a number that it cannot hold
 */
export function encodeNpy(array: HostArray): Uint8Array {
  checkArray(array);
  const type = typeFor(array);
  const data = type.encode(array.data, (index, value) => {
    throw new ValueError(where, `${value} at position ${index} is no ${type.code}`, "Leave fileDtype out", { index, value });
  });
  const header = describe(type, array.shape);
  const dataStart = prefixBytes + 2 + header.length;
  const bytes = new Uint8Array(dataStart + data.byteLength);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(prefixBytes, header.length, true);
  bytes.set(header, prefixBytes + 2);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataStart);
  return bytes;
}
