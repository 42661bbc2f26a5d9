import { FormatError } from "@dl/registry";
import type { DType, HostArray, TypedArray } from "@dl/tensor";

interface ElementType {
  readonly dtype: DType;
  readonly bytes: number;
  readonly read: (view: DataView, offset: number, count: number) => TypedArray;
}

type Numbers = Float32Array | Float64Array | Int32Array;

function readEach<T extends Numbers>(out: T, bytes: number, get: (at: number) => number): T {
  for (let i = 0; i < out.length; i++) out[i] = get(i * bytes);
  return out;
}

/** By the third byte of the magic number. int16 is widened: tensors have no such dtype. */
const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { dtype: "uint8", bytes: 1, read: (view, offset, count) => new Uint8Array(view.buffer, view.byteOffset + offset, count) }],
  [0x09, { dtype: "int8", bytes: 1, read: (view, offset, count) => new Int8Array(view.buffer, view.byteOffset + offset, count) }],
  [0x0b, { dtype: "int32", bytes: 2, read: (view, offset, count) => readEach(new Int32Array(count), 2, (at) => view.getInt16(offset + at)) }],
  [0x0c, { dtype: "int32", bytes: 4, read: (view, offset, count) => readEach(new Int32Array(count), 4, (at) => view.getInt32(offset + at)) }],
  [0x0d, { dtype: "float32", bytes: 4, read: (view, offset, count) => readEach(new Float32Array(count), 4, (at) => view.getFloat32(offset + at)) }],
  [0x0e, { dtype: "float64", bytes: 8, read: (view, offset, count) => readEach(new Float64Array(count), 8, (at) => view.getFloat64(offset + at)) }],
]);

function elementType(view: DataView, where: string): ElementType {
  const magic = view.getUint32(0);
  const type = ELEMENT_TYPES.get((magic >>> 8) & 0xff);
  if (magic >>> 16 !== 0 || type === undefined) {
    const hex = `0x${magic.toString(16).padStart(8, "0")}`;
    throw new FormatError(where, `the magic number at byte 0 is ${hex}; IDX has 0x0000TTDD with type TT one of 08 09 0b 0c 0d 0e`, "Check the file; unpack it first if it is compressed", {
      offset: 0,
      magic,
    });
  }
  return type;
}

/**
 * Reads an IDX file, the format of MNIST: a magic number (two zero bytes, the element type, the number of dims),
 * the sizes, then the elements row-major, everything big-endian. int16 elements become int32; those of one byte share memory with `bytes`.
 * (LeCun, Cortes and Burges, 1998)
 *
 * @param where names the file in errors
 * @throws FormatError with the byte offset on a wrong magic number, a file that ends too early, or bytes left over
 */
export function decodeIdx(bytes: Uint8Array, where = "decodeIdx"): HostArray {
  const ends = (needed: number, what: string): FormatError =>
    new FormatError(where, `the file ends at byte ${bytes.length}; ${what} needs ${needed}`, "Fetch the file again", { offset: bytes.length, expected: needed });

  if (bytes.length < 4) throw ends(4, "the magic number");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = elementType(view, where);
  const ndim = bytes[3];
  const start = 4 + 4 * ndim;
  if (bytes.length < start) throw ends(start, `a header of ${ndim} dims`);

  const shape = Array.from({ length: ndim }, (_, dim) => view.getUint32(4 + 4 * dim));
  const count = shape.reduce((product, size) => product * size, 1);
  const end = start + count * type.bytes;
  if (bytes.length < end) throw ends(end, `the shape [${shape.join(", ")}]`);
  if (bytes.length > end) {
    throw new FormatError(where, `the elements of shape [${shape.join(", ")}] end at byte ${end}, but the file has ${bytes.length}`, "Check the file", { offset: end, got: bytes.length });
  }
  return { dtype: type.dtype, shape, data: type.read(view, start, count) };
}
