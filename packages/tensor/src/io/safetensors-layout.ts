import type { Shape } from "../shape.js";
import { damaged } from "./damaged.js";
import { fileDTypes } from "./file-dtypes.js";
import type { FileDType } from "./file-dtypes.js";
import { parseJson } from "./json.js";
import type { JsonNode } from "./json.js";

/** One tensor as the header describes it; bytes are counted from the start of the file. */
export interface Entry {
  readonly name: string;
  readonly type: FileDType;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
  /** Where the header speaks of it. */
  readonly at: number;
}

export interface Layout {
  /** In the order of the header. */
  readonly entries: readonly Entry[];
  readonly metadata: Record<string, string>;
}

/** The key of the header that names no tensor. */
export const metadataKey = "__metadata__";

/** Bytes before the header: its length. */
export const lengthBytes = 8;

export const maxHeaderBytes = 100_000_000;

const openBrace = 0x7b;

const isMap = (value: JsonNode["value"]): value is ReadonlyMap<string, JsonNode> => value instanceof Map;

const fields = ["dtype", "shape", "data_offsets"] as const;

/**
 * Reads and checks the whole header before a single tensor is touched: memory is taken only for bytes that are there.
 * @throws FormatError with the byte offset
 */
export function readLayout(bytes: Uint8Array, where: string): Layout {
  const types = fileDTypes();
  const dataStart = findData(bytes, where);
  const header = parseJson(bytes, lengthBytes, dataStart, where);
  if (!isMap(header.value)) throw damaged(where, header.at, "the header is not a JSON object");
  const entries: Entry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, node] of header.value) {
    if (name === metadataKey) metadata = readMetadata(node, where);
    else entries.push(readEntry(name, node, types, dataStart, where));
  }
  checkCoverage(entries, dataStart, bytes.length, where);
  return { entries, metadata };
}

function findData(bytes: Uint8Array, where: string): number {
  if (bytes.length < lengthBytes) {
    throw damaged(where, bytes.length, `the file ends within the ${lengthBytes} bytes that give the header's length`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes);
  const length = view.getBigUint64(0, true);
  if (length > maxHeaderBytes) throw damaged(where, 0, `the header claims ${length} bytes, the limit is ${maxHeaderBytes}`);
  if (length > bytes.length - lengthBytes) {
    throw damaged(where, 0, `the header claims ${length} bytes, the file has ${bytes.length - lengthBytes} more`);
  }
  if (bytes[lengthBytes] !== openBrace || length === 0n) throw damaged(where, lengthBytes, "the header does not start with {");
  return lengthBytes + Number(length);
}

function readMetadata({ at, value }: JsonNode, where: string): Record<string, string> {
  if (!isMap(value)) throw damaged(where, at, `${metadataKey} is not an object`);
  return Object.fromEntries(
    Array.from(value, ([key, text]) => {
      if (typeof text.value !== "string") throw damaged(where, text.at, `${metadataKey} holds something other than text under ${JSON.stringify(key)}`);
      return [key, text.value];
    }),
  );
}

function readEntry(
  name: string,
  { at, value }: JsonNode,
  types: ReadonlyMap<string, FileDType>,
  dataStart: number,
  where: string,
): Entry {
  const title = `tensor ${JSON.stringify(name)}`;
  if (!isMap(value)) throw damaged(where, at, `${title} is not described by an object`);
  for (const [key, extra] of value) {
    if (!fields.some((field) => field === key)) throw damaged(where, extra.at, `${title} has an unknown field ${JSON.stringify(key)}`);
  }
  const [typeNode, shapeNode, offsetsNode] = fields.map((field) => {
    const node = value.get(field);
    if (node === undefined) throw damaged(where, at, `${title} has no ${field}`);
    return node;
  });
  const dtype = typeof typeNode.value === "string" ? typeNode.value : "that is not text";
  const type = types.get(dtype);
  if (type === undefined) {
    throw damaged(where, typeNode.at, `${title} has a dtype ${dtype}`, `Known are ${[...types.keys()].join(", ")}`);
  }
  const shape = readSizes(shapeNode, `${title}: shape`, where);
  const offsets = readSizes(offsetsNode, `${title}: data_offsets`, where);
  if (offsets.length !== 2) throw damaged(where, offsetsNode.at, `${title}: data_offsets has ${offsets.length} numbers, not 2`);
  const [begin, end] = offsets.map((offset) => dataStart + offset);
  const expected = byteLength(shape, type, () => damaged(where, shapeNode.at, `${title}: the size of shape [${shape.join(", ")}] overflows`));
  if (end - begin !== expected) {
    throw damaged(
      where,
      offsetsNode.at,
      `${title} takes ${expected} bytes as ${type.name} of shape [${shape.join(", ")}], data_offsets give ${end - begin}`,
    );
  }
  return { name, type, shape, begin, end, at };
}

function readSizes({ at, value }: JsonNode, title: string, where: string): number[] {
  if (!Array.isArray(value)) throw damaged(where, at, `${title} is not an array`);
  return (value as readonly JsonNode[]).map((size) => {
    if (!Number.isSafeInteger(size.value) || Number(size.value) < 0) {
      const shown = typeof size.value === "number" ? String(size.value) : "something other than a number";
      throw damaged(where, size.at, `${title} has ${shown}, not a whole number of 0 or more`);
    }
    return Number(size.value);
  });
}

function byteLength(shape: Shape, type: FileDType, overflow: () => Error): number {
  let bytes = type.bytes;
  for (const size of shape) {
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) throw overflow();
  }
  return bytes;
}

/** The tensors must tile the data: from its first byte to the last of the file, without a gap or an overlap. */
function checkCoverage(entries: readonly Entry[], dataStart: number, fileEnd: number, where: string): void {
  let covered = dataStart;
  for (const { name, begin, end, at } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const title = `tensor ${JSON.stringify(name)}`;
    if (end > fileEnd) throw damaged(where, at, `${title} ends at byte ${end}, the file at ${fileEnd}`);
    if (begin < covered) throw damaged(where, at, `${title} starts at byte ${begin}, within a tensor that ends at ${covered}`);
    if (begin > covered) throw damaged(where, at, `bytes ${covered} to ${begin} before ${title} belong to no tensor`);
    covered = end;
  }
  if (covered < fileEnd) throw damaged(where, covered, `${fileEnd - covered} bytes at the end belong to no tensor`);
}
