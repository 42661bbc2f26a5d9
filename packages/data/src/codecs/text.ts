import { checkOptions, FormatError, ValueError } from "@dl/registry";

/** What bytes of text mean. In "iso-8859-1" each byte is the character of that number. */
export type TextEncoding = "utf-8" | "iso-8859-1";

const ENCODINGS: readonly string[] = ["utf-8", "iso-8859-1"] satisfies readonly TextEncoding[];
const CHUNK = 8192;

/** Smallest second byte, by the first byte, where it is not 0x80; largest where it is not 0xBF. (Unicode 15, table 3-7) */
const leastSecond: Readonly<Record<number, number>> = { 0xe0: 0xa0, 0xf0: 0x90 };
const greatestSecond: Readonly<Record<number, number>> = { 0xed: 0x9f, 0xf4: 0x8f };

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/** Where the first byte sequence stands that is no UTF-8, the length when there is none. */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]);
    if (length === 0 || at + length > bytes.length) return at;
    for (let i = 1; i < length; i++) {
      const least = i === 1 ? (leastSecond[bytes[at]] ?? 0x80) : 0x80;
      const greatest = i === 1 ? (greatestSecond[bytes[at]] ?? 0xbf) : 0xbf;
      if (bytes[at + i] < least || bytes[at + i] > greatest) return at;
    }
    at += length;
  }
  return at;
}

function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const offset = firstInvalid(bytes);
    const byte = bytes[offset].toString(16).padStart(2, "0");
    const error = new FormatError(where, `byte ${offset} (${byte}) is no UTF-8`, 'Convert the file, or say { encoding: "iso-8859-1" } if it is that', { offset });
    error.cause = cause;
    throw error;
  }
}

/** `TextDecoder("iso-8859-1")` is windows-1252 by its standard, so this one counts for itself. */
function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

/**
 * Bytes as text. A byte order mark of UTF-8 is left out.
 * @param where names the file in errors
 * @throws FormatError with the byte offset where the bytes are no UTF-8
 * @throws ValueError for an encoding that is not known
 */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding = "utf-8", where = "decodeText"): string {
  if (!ENCODINGS.includes(encoding)) throw new ValueError(where, `the encoding is "${encoding}"`, `Give ${ENCODINGS.join(" or ")}`, { encoding });
  return encoding === "utf-8" ? decodeUtf8(bytes, where) : decodeLatin1(bytes);
}

export interface TextLinesOptions {
  /** Default "utf-8". */
  readonly encoding?: TextEncoding;
  /** Names the file in errors. */
  readonly where?: string;
}

/**
 * The lines of a text, without their ends (LF or CRLF). The end of the last line is optional; empty lines count.
 * @throws FormatError with the byte offset where the bytes are not of the encoding
 */
export function decodeLines(bytes: Uint8Array, options: TextLinesOptions = {}): string[] {
  checkOptions("decodeLines", options, ["encoding", "where"]);
  const text = decodeText(bytes, options.encoding, options.where ?? "decodeLines");
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return text.includes("\r") ? lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)) : lines;
}
