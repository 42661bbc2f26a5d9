import { checkOptions } from "@dl/registry";
import { zipSync } from "fflate";
import { broken, viewOf } from "./broken.js";
import { crc32 } from "./crc32.js";
import { checkExpansion, DEFAULT_MAX_BYTES, heldBytes, inflate, type UnpackOptions } from "./inflate.js";
import { checkMemberName } from "./member-name.js";

const Signature = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

const stored = 0;
const deflated = 8;

interface Member {
  readonly name: string;
  readonly encrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header stands. */
  readonly local: number;
}

/** Where the record at the end of the file stands; a comment may follow it. */
function findEnd(view: DataView, where: string): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) if (view.getUint32(at, true) === Signature.end) return at;
  throw broken(where, view.byteLength, "there is no zip directory before the end of the file", "Check that it is a whole zip file");
}

function readMembers(bytes: Uint8Array, where: string): Member[] {
  const view = viewOf(bytes);
  const end = findEnd(view, where);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw broken(where, end, "the file is a ZIP64 archive", "Store fewer and smaller files: up to 65,534, below 4 GiB in all");
  return Array.from({ length: count }, () => {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== Signature.central) throw broken(where, at, "the directory has no entry here");
    const nameBytes = view.getUint16(at + 28, true);
    const member = {
      name: new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes)),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    };
    at += CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    return member;
  });
}

function packedBytesOf(bytes: Uint8Array, { local, packedBytes }: Member, where: string): Uint8Array {
  const view = viewOf(bytes);
  if (local + LOCAL_BYTES > bytes.length || view.getUint32(local, true) !== Signature.local) throw broken(where, local, "the member does not begin here");
  const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packedBytes > bytes.length) throw broken(where, bytes.length, `the member ends at byte ${start + packedBytes}, the file before`);
  return bytes.subarray(start, start + packedBytes);
}

function unpacked(packed: Uint8Array, { method, local, bytes }: Member, where: string): Uint8Array {
  if (method === stored) return packed.slice();
  if (method !== deflated) throw broken(where, local, `the member is packed by method ${method}`, "Store it plainly or deflated (methods 0 and 8)");
  try {
    return inflate(packed, bytes);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw broken(where, local, `the member's deflate stream is corrupt (${cause.message})`, undefined, cause);
  }
}

function read(bytes: Uint8Array, member: Member, archive: string): Uint8Array {
  const where = `${archive}, member "${member.name}"`;
  if (member.encrypted) throw broken(where, member.local, "the member is encrypted", "Store it without a password");
  const data = unpacked(packedBytesOf(bytes, member, where), member, where);
  if (data.length !== member.bytes) throw broken(where, member.local, `the directory promises ${member.bytes} bytes, the member holds ${heldBytes(data, member.bytes)}`);
  if (crc32(data) !== member.crc) throw broken(where, member.local, "the member's CRC-32 is not that of the directory");
  return data;
}

/** The files of an archive under the names they have in it, whatever these are. */
export function readZip(bytes: Uint8Array, where: string, maxBytes = DEFAULT_MAX_BYTES): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const members = readMembers(bytes, where).filter(({ name }) => !name.endsWith("/"));
  checkExpansion(where, members.reduce((sum, member) => sum + member.bytes, 0), bytes.length, maxBytes);
  for (const member of members) {
    if (files.has(member.name)) throw broken(where, member.local, `the name "${member.name}" comes twice`);
    files.set(member.name, read(bytes, member, where));
  }
  return files;
}

/**
 * Reads the files of a zip archive, stored or deflated, and checks their lengths and CRC-32. Folders are left out.
 * @param where names the archive in errors
 * @throws FormatError with the byte offset, and the member's name, when the archive is damaged, encrypted, ZIP64 or packed another way;
 * when a name leads out of the folder; and when the files expand beyond `maxBytes`
 */
export function unzip(bytes: Uint8Array, where = "unzip", options: UnpackOptions = {}): Map<string, Uint8Array> {
  checkOptions("unzip", options, ["maxBytes"]);
  for (const { name, local } of readMembers(bytes, where)) checkMemberName(where, name, local);
  return readZip(bytes, where, options.maxBytes);
}

export interface ZipOptions {
  /** Deflate the files. Default false: they are stored, which is fast, and floats hardly shrink. */
  readonly compress?: boolean;
}

/** A zip archive of files by name; the same files give the same bytes everywhere. */
export function zip(files: ReadonlyMap<string, Uint8Array>, options: ZipOptions = {}): Uint8Array {
  checkOptions("zip", options, ["compress"]);
  // Zip keeps local time, from 1980 on: a fixed one makes the bytes the same everywhere.
  return zipSync(Object.fromEntries(files), { level: options.compress === true ? 6 : 0, mtime: new Date(1980, 0, 1) });
}
