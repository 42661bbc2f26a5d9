import { FormatError } from "@dl/registry";
import type { StreamingTokenizer } from "../tokenizers/tokenizer.js";

/** Pieces of a text as they come: strings, or bytes of UTF-8. */
export type TextSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

function decodedPiece(decoder: TextDecoder, piece: Uint8Array | undefined): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (cause) {
    const error = new FormatError("tokenStream", "the bytes are no UTF-8", "Decode them first, if they are of another encoding", {});
    error.cause = cause;
    throw error;
  }
}

/** Pieces of text; a character that is cut between two pieces of bytes is put together. A byte order mark at the start is left out. */
async function* textOf(source: TextSource): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const piece of source) yield typeof piece === "string" ? piece : decodedPiece(decoder, piece);
  yield decodedPiece(decoder, undefined);
}

/**
 * The ids of a text that need not fit into memory: `for await (const ids of tokenStream(createReadStream(path), tokenizer)) …`. Together they are
 * `tokenizer.encode(text)` whatever the pieces are: each waits for the next place where the text may be cut, for most tokenizers the space before a word.
 * @throws FormatError for bytes that are no UTF-8
 */
export async function* tokenStream(source: TextSource, tokenizer: StreamingTokenizer): AsyncGenerator<Int32Array, void> {
  let waiting: string[] = [];
  let length = 0;
  let next = 1;
  for await (const piece of textOf(source)) {
    waiting.push(piece);
    length += piece.length;
    if (length < next) continue;
    const text = waiting.join("");
    const final = tokenizer.finalLength(text);
    if (final > 0) yield tokenizer.encode(text.slice(0, final));
    waiting = [text.slice(final)];
    length -= final;
    // Where nothing is final, look again when twice as much is there: the work stays linear.
    next = final > 0 ? 1 : 2 * length;
  }
  const rest = waiting.join("");
  if (rest !== "") yield tokenizer.encode(rest);
}
