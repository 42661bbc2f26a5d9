/** Ids of the tokens that stand for something other than text, where there are such. */
export interface SpecialIds {
  /** Fills sequences up to a common length. */
  readonly pad?: number;
  /** Stands for what is not in the vocabulary. */
  readonly unk?: number;
  /** Begins a sequence. */
  readonly bos?: number;
  /** Ends a sequence. */
  readonly eos?: number;
}

/** Where in the text a token comes from: UTF-16 positions as `String.prototype.slice` takes them, the end excluded. */
export type Offset = readonly [start: number, end: number];

/** Ids of a text's tokens, and the places that they come from. */
export interface Encoding {
  readonly ids: Int32Array;
  readonly offsets: readonly Offset[];
}

export interface DecodeOptions {
  /** Leave special tokens out. Default true. */
  readonly skipSpecials?: boolean;
}

/** Plain JSON that `tokenizerFromJson` turns into the tokenizer again. */
export interface TokenizerJson {
  readonly type: string;
}

/** Text to ids of tokens and back. */
export interface Tokenizer {
  /** Number of different ids: 0 … vocabSize − 1. */
  readonly vocabSize: number;
  readonly specials: SpecialIds;
  /** Ids of the text's tokens, without special ones at the ends. */
  encode(text: string): Int32Array;
  /** The same with offsets. */
  encodeWithOffsets(text: string): Encoding;
  /** @throws ValueError for an id out of range, with its position */
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
  /** The token as text, special ones included. @throws ValueError for an id out of range */
  tokenOf(id: number): string;
  /** `undefined` for what is no token. */
  idOf(token: string): number | undefined;
  toJSON(): TokenizerJson;
}

/** A tokenizer that need not see the whole text at once. */
export interface StreamingTokenizer extends Tokenizer {
  /**
   * How much of a text's start can be encoded by itself although more text follows: encode(start) and encode(rest) together are
   * encode(whole). 0 where all of it may depend on what follows.
   * @throws ValueError where nobody can tell
   */
  finalLength(text: string): number;
}
