import { normalizeText, type Normalizer } from "./normalizers.js";
import type { Offset } from "../tokenizers/tokenizer.js";

/** A normalized text that knows where it comes from. */
export interface AlignedText {
  readonly text: string;
  /** The part of the original that a part of the text comes from. */
  readonly originalOf: (start: number, end: number) => Offset;
}

// What is normalized together: a character with the marks behind it, and the vowels and final consonants of a Korean syllable.
const together = /\P{M}[\p{M}\u1160-\u11FF]*|\p{M}+/gu;

interface Places {
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** Where each normalized character comes from. */
function placesOf(original: string, normalizers: readonly Normalizer[]): Places {
  const begins: number[] = [];
  const ends: number[] = [];
  for (const { 0: characters, index } of original.matchAll(together)) {
    const { length } = normalizeText(characters, normalizers);
    for (let i = 0; i < length; i++) {
      begins.push(index);
      ends.push(index + characters.length);
    }
  }
  return { begins, ends };
}

/**
 * The text after the normalizers. Places are known to the character with its marks; where the normalized characters together are longer or
 * shorter than the normalized text, everything comes from everywhere.
 */
export function alignedText(original: string, normalizers: readonly Normalizer[]): AlignedText {
  const text = normalizeText(original, normalizers);
  if (text === original) return { text, originalOf: (start, end) => [start, end] };
  const { begins, ends } = placesOf(original, normalizers);
  if (begins.length !== text.length) return { text, originalOf: () => [0, original.length] };
  return { text, originalOf: (start, end) => [begins[start], ends[end - 1]] };
}
