// Which signs stand close to the word before them, and to the one behind.
const closing = /^[.,;:!?%…)\]}»”’、。，！？；：）」』]+$/u;
const opening = /^[([{«“‘¿¡（「『]+$/u;
const contraction = /^['’]\p{L}+$/u;
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;
const quote = '"';
const apostrophe = /^['’]$/;
const letters = /^[\p{L}\p{M}\p{N}]+$/u;

/**
 * Words and punctuation marks as a text that people would write: spaces between words, none before a full stop or behind an opening bracket, none
 * between Chinese characters, none around an apostrophe between two words. It cannot know how a text was spaced that was written otherwise.
 */
export function joinWords(words: readonly string[]): string {
  let text = "";
  let insideQuotes = false;
  let close = true;
  for (const [i, word] of words.entries()) {
    const endsQuote = word === quote && insideQuotes;
    const elides = apostrophe.test(word) && i > 0 && letters.test(words[i - 1]) && letters.test(words.at(i + 1) ?? "");
    const besides = unspaced.test(word) && i > 0 && unspaced.test(words[i - 1]);
    const touches = close || endsQuote || elides || besides || closing.test(word) || contraction.test(word);
    text += touches ? word : ` ${word}`;
    close = elides || opening.test(word) || (word === quote && !insideQuotes);
    if (word === quote) insideQuotes = !insideQuotes;
  }
  return text;
}
