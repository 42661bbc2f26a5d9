import { normalizeText, type Normalizer } from "../../text/normalizers.js";
import type { WordSplitter } from "../../text/pre-tokenizers.js";
import { Markers } from "../markers.js";
import { specialTokens, type SpecialNames } from "../specials.js";
import { byteCharacters, utf8 } from "./byte-alphabet.js";
import type { CountedWord } from "./learn-merges.js";

export interface CountWordsOptions {
  readonly specials: SpecialNames;
  readonly normalizers: readonly Normalizer[];
  readonly splitter: WordSplitter;
}

/** The different words of texts as ids of their bytes, and how often each occurs; special tokens in the texts are none. */
export function countWords(texts: readonly string[], tokens: readonly string[], { specials, normalizers, splitter }: CountWordsOptions): CountedWord[] {
  const markers = new Markers(specialTokens("countWords", specials));
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const { start, end, marker } of markers.pieces(text)) {
      const plain = marker === undefined ? normalizeText(text.slice(start, end), normalizers) : "";
      for (const word of splitter.words(plain)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const firstByte = tokens.length - byteCharacters.length;
  return Array.from(counts, ([word, count]) => ({ symbols: Array.from(utf8(word), (byte) => firstByte + byte), count }));
}
