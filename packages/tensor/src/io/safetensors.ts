import { UnknownNameError, ValueError } from "@dl/registry";
import { damaged } from "./damaged.js";
import { fileDTypes, plainFileDType } from "./file-dtypes.js";
import type { FileDType } from "./file-dtypes.js";
import { checkHostArray } from "./host-array.js";
import type { HostArray } from "./host-array.js";
import { isWellFormed } from "./json.js";
import { lengthBytes, maxHeaderBytes, metadataKey, readLayout } from "./safetensors-layout.js";

export interface Safetensors {
  /** In the order of the header. */
  readonly tensors: Map<string, HostArray>;
  readonly metadata: Record<string, string>;
}

/**
 * Reads a safetensors file. BOOL, U8, I8, I32, F32 and F64 keep their type; F16 and BF16 enter as float32;
 * I16, U16, U32, I64 and U64 enter as int32. Where the type changed, `fileDtype` remembers the file's.
 *
 * The whole header is checked first, and no memory is taken for what it only claims.
 * The arrays may be views of `bytes`: do not write to either afterwards.
 * @param where who reads, for error messages; a path, for instance
 * @throws FormatError with the byte offset: a header longer than the file or 100 MB, JSON that is invalid or has a key twice,
 * a shape that does not fit its bytes, tensors that overlap or leave bytes out, an unknown dtype, a number that int32 cannot hold
 */
export function decodeSafetensors(bytes: Uint8Array, where = "decodeSafetensors"): Safetensors {
  const { entries, metadata } = readLayout(bytes, where);
  const tensors = new Map<string, HostArray>();
  for (const { name, type, shape, begin, end } of entries) {
    const data = type.decode(bytes.subarray(begin, end), (index, value) => {
      const fact = `tensor ${JSON.stringify(name)} holds ${value} as ${type.name} at position ${index}, which ${type.dtype} cannot`;
      throw damaged(where, begin + index * type.bytes, fact, `Store numbers that ${type.dtype} can hold`);
    });
    const { dtype } = type;
    tensors.set(name, type.name === plainFileDType(dtype) ? { dtype, shape, data } : { dtype, shape, data, fileDtype: type.name });
  }
  return { tensors, metadata };
}

const where = "encodeSafetensors";
const space = 0x20;

interface Piece {
  readonly name: string;
  /** UTF-8, by which names are ordered. */
  readonly key: Uint8Array;
  readonly type: FileDType;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

/**
 * Writes a safetensors file, byte for byte as the format's own library does: wider types first, then by name;
 * the header padded with spaces to a multiple of 8 bytes. A `fileDtype` is honoured: int32 can be written as
 * I16, U16, U32, I64 or U64, float32 as F16 or BF16 (rounded to nearest, ties to even).
 * @throws ValueError for a name that comes twice, is reserved or is not valid text, and for a number that the file's type cannot hold
 * @throws DTypeError, ShapeError when data, dtype and shape disagree
 * @throws UnknownNameError for a `fileDtype` that does not exist or does not belong to the dtype
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, HostArray]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const pieces = collect(tensors);
  const header = new TextEncoder().encode(describe(pieces, metadata));
  const dataStart = lengthBytes + Math.ceil(header.length / 8) * 8;
  if (dataStart - lengthBytes > maxHeaderBytes) {
    throw new ValueError(where, `the header takes ${header.length} bytes, the format allows ${maxHeaderBytes}`, "Split the file");
  }
  const bytes = new Uint8Array(pieces.reduce((total, { data }) => total + data.byteLength, dataStart));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - lengthBytes), true);
  bytes.set(header, lengthBytes);
  bytes.fill(space, lengthBytes + header.length, dataStart);
  let at = dataStart;
  for (const { data } of pieces) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function collect(tensors: Iterable<readonly [string, HostArray]>): Piece[] {
  const pieces: Piece[] = [];
  const names = new Set<string>();
  const types = fileDTypes();
  const encoder = new TextEncoder();
  for (const [name, host] of tensors) {
    checkText("the name", name);
    if (name === metadataKey) throw new ValueError(where, `the name "${name}" is reserved`, "Choose another name", { name });
    if (names.has(name)) throw new ValueError(where, `the name "${name}" comes twice`, "Give every tensor a name of its own", { name });
    names.add(name);
    checkHostArray(where, name, host);
    const type = typeFor(name, host, types);
    const data = type.encode(host.data, (index, value) => {
      throw new ValueError(where, `"${name}" holds ${value} at position ${index}, which ${type.name} cannot`, `Write it as ${plainFileDType(host.dtype)}`, {
        name,
        index,
        value,
      });
    });
    pieces.push({ name, key: encoder.encode(name), type, shape: host.shape, data });
  }
  const order = [...types.values()];
  return pieces.sort((a, b) => order.indexOf(b.type) - order.indexOf(a.type) || compareBytes(a.key, b.key));
}

function typeFor(
  name: string,
  { dtype, fileDtype = plainFileDType(dtype) }: HostArray,
  types: ReadonlyMap<string, FileDType>,
): FileDType {
  const type = types.get(fileDtype);
  if (type?.dtype === dtype) return type;
  const known = [...types.values()].filter((candidate) => candidate.dtype === dtype).map((candidate) => candidate.name);
  throw new UnknownNameError(where, `"${name}" is ${dtype}, which is not stored as "${fileDtype}"`, `Use ${known.join(" or ")}`, {
    name,
    fileDtype,
    known,
  });
}

function checkText(what: string, text: unknown): void {
  if (typeof text === "string" && isWellFormed(text)) return;
  throw new ValueError(where, `${what} ${JSON.stringify(text)} is not valid text`, "Give a string without half surrogate pairs");
}

/** The header's JSON, put together by hand: an object would move names that look like numbers to the front. */
function describe(pieces: readonly Piece[], metadata: Readonly<Record<string, string>>): string {
  const notes = Object.entries(metadata);
  for (const [key, text] of notes) {
    checkText("the metadata key", key);
    checkText(`the metadata of "${key}"`, text);
  }
  const members = notes.length > 0 ? [member(metadataKey, metadata)] : [];
  let at = 0;
  for (const { name, type, shape, data } of pieces) {
    const begin = at;
    at += data.byteLength;
    members.push(member(name, { dtype: type.name, shape, data_offsets: [begin, at] }));
  }
  return `{${members.join(",")}}`;
}

const member = (key: string, value: object): string => `${JSON.stringify(key)}:${JSON.stringify(value)}`;

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
