import type { Offset } from "../tokenizer.js";

const utf8Length = (codePoint: number): number => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4);

/**
 * Where tokens stand in a text that are so many bytes of its UTF-8 each. A token of a part of a character stands for all of it.
 * @param lengths bytes of each token; together, those of the text
 * @param start where the text stands in the whole one
 */
export function byteOffsets(text: string, lengths: readonly number[], start = 0): Offset[] {
  const begins: number[] = [];
  const ends: number[] = [];
  let at = start;
  for (const character of text) {
    const size = utf8Length(character.codePointAt(0) ?? 0);
    for (let i = 0; i < size; i++) {
      begins.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  let byte = 0;
  return lengths.map((length) => {
    const first = byte;
    byte += length;
    return [begins[first], ends[byte - 1]];
  });
}
