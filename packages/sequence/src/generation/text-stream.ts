import type { Tokenizer } from "../tokenizers/index.js";

/** What stands for bytes that are no whole character. */
const incomplete = "\uFFFD";

/**
 * Turns ids that come one by one into pieces of text that end between characters: bytes of a character that is not whole yet wait for the
 * rest. Only the last few ids are decoded again, together with some before them: tokenizers write a token at the beginning of a text
 * differently.
 */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #ids: number[];
  /** Ids before this one are settled, and not decoded again. */
  #from = 0;
  /** Ids before this one are in the text that came out. */
  #read: number;

  /** @param before ids that stand before the text, such as those of a prompt */
  constructor(tokenizer: Tokenizer, before: readonly number[] = []) {
    this.#tokenizer = tokenizer;
    this.#ids = [...before];
    this.#read = before.length;
  }

  /** The text that the next ids make whole, which may be empty. */
  push(ids: readonly number[]): string {
    this.#ids.push(...ids);
    const piece = this.#unread();
    if (piece === "" || piece.endsWith(incomplete)) return "";
    this.#settle();
    return piece;
  }

  /** What is left at the end, with U+FFFD for bytes that are no character. */
  end(): string {
    const piece = this.#unread();
    this.#settle();
    return piece;
  }

  #unread(): string {
    const known = this.#decode(this.#from, this.#read);
    const all = this.#decode(this.#from, this.#ids.length);
    return all.slice(known.length);
  }

  #settle(): void {
    this.#from = this.#read;
    this.#read = this.#ids.length;
  }

  #decode(from: number, to: number): string {
    return this.#tokenizer.decode(this.#ids.slice(from, to));
  }
}
