import { malformed } from "../json.js";

export interface ScoredToken {
  readonly token: string;
  /** Pairs that make a token of a higher score are merged first. */
  readonly score: number;
}

const HEADER = 4;

/**
 * The tokens of a `tokenizer.bin` of llama2.c: an int32 (the bytes of the longest token), then for each token its score as float32, its length in
 * bytes as int32, and the bytes; all little-endian.
 * @throws FormatError with the byte offset and the reason
 */
export function decodeLlama2c(bytes: Uint8Array, vocabSize: number, where: string): ScoredToken[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (offset: number, id: number, fact: string): never => {
    throw malformed(where, `byte ${offset}, token ${id}: ${fact}`, `Check that the file has ${vocabSize} tokens, and is whole`, { offset, id });
  };
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const tokens: ScoredToken[] = [];
  let at = HEADER;
  for (let id = 0; id < vocabSize; id++) {
    if (at + 8 > bytes.length) fail(at, id, `the file ends at byte ${bytes.length}`);
    const length = view.getInt32(at + 4, true);
    if (length < 0 || at + 8 + length > bytes.length) fail(at, id, `its length is ${length}, and the file ends at byte ${bytes.length}`);
    const part = bytes.subarray(at + 8, at + 8 + length);
    try {
      tokens.push({ token: text.decode(part), score: view.getFloat32(at, true) });
    } catch {
      fail(at, id, "it is no UTF-8");
    }
    at += 8 + length;
  }
  if (at < bytes.length) fail(at, vocabSize, `there are ${bytes.length - at} bytes behind the last token`);
  return tokens;
}
