import { checkOptions } from "@dl/registry";
import { broken, truncated, viewOf } from "./broken.js";
import { checkExpansion, DEFAULT_MAX_BYTES, type UnpackOptions } from "./inflate.js";
import { checkMemberName } from "./member-name.js";

const BLOCK = 512;
const latin1 = /* @__PURE__ */ new TextDecoder("latin1");
const utf8 = /* @__PURE__ */ new TextDecoder();

const Kind = { file: "0", oldFile: "\0", folder: "5", longName: "L", extended: "x", extendedForAll: "g" } as const;

function field(header: Uint8Array, start: number, length: number, decoder = latin1): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or a big-endian number behind a byte of 0x80 where these have no room. */
function sizeOf(header: Uint8Array, offset: number, where: string): number {
  if (header[124] === 0x80) return Number(viewOf(header).getBigUint64(128));
  const digits = field(header, 124, 12).trim();
  if (!/^[0-7]*$/.test(digits)) throw broken(where, offset + 124, `the size "${digits}" is no octal number`);
  return parseInt(digits || "0", 8);
}

function checkSum(header: Uint8Array, offset: number, where: string): void {
  const promised = parseInt(field(header, 148, 8).trim(), 8);
  let sum = 8 * 32;
  header.forEach((byte, i) => { if (i < 148 || i >= 156) sum += byte; });
  if (sum !== promised) throw broken(where, offset, "there is no tar header here: its checksum does not fit", "Check that it is a tar file; unpack a .tar.gz with gunzip first");
}

/** `path` of an extended header: lines of `<length> <key>=<value>`. */
function extendedPath(content: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(utf8.decode(content))?.[1];
}

function nameOf(header: Uint8Array): string {
  const [name, prefix] = [field(header, 0, 100, utf8), field(header, 345, 155, utf8)];
  return field(header, 257, 5) === "ustar" && prefix !== "" ? `${prefix}/${name}` : name;
}

/**
 * Reads the files of a tar archive (POSIX ustar, with the long names of GNU and pax), by path. They share memory with `bytes`.
 * Folders are left out; links and devices are refused.
 *
 * @param where names the archive in errors
 * @throws FormatError with the byte offset when the archive is damaged or cut off, holds a link, a name leads out of the folder, or the
 * files are larger than `maxBytes` together
 */
export function untar(bytes: Uint8Array, where = "untar", options: UnpackOptions = {}): Map<string, Uint8Array> {
  checkOptions("untar", options, ["maxBytes"]);
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  let total = 0;
  let at = 0;
  for (; at < bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw truncated(where, "tar", bytes);
    if (header.every((byte) => byte === 0)) return files;
    checkSum(header, at, where);
    const size = sizeOf(header, at, where);
    const start = at + BLOCK;
    if (start + size > bytes.length) throw truncated(where, "tar", bytes);
    const content = bytes.subarray(start, start + size);
    const kind = String.fromCharCode(header[156]);
    const name: string = longName ?? nameOf(header);
    longName = undefined;
    if (kind === Kind.longName) longName = field(content, 0, size, utf8);
    else if (kind === Kind.extended) longName = extendedPath(content);
    else if (kind === Kind.file || kind === Kind.oldFile) {
      checkMemberName(where, name, at);
      checkExpansion(where, (total += size), bytes.length, maxBytes);
      files.set(name.replace(/^(\.\/)+/, ""), content);
    } else if (kind !== Kind.folder && kind !== Kind.extendedForAll) {
      throw broken(where, at, `the member "${name}" is of type "${kind}", such as a link`, "Pack plain files and folders only");
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw truncated(where, "tar", bytes);
}
