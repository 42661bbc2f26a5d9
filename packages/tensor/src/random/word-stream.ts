import { philox4x32 } from "./philox.js";

/** Two 32-bit words, low one first. */
export type WordPair = readonly [number, number];

/** Which stream of random words: 64 bits of Philox key and the upper 64 bits of its counter. */
export interface StreamId {
  readonly key: WordPair;
  readonly stream: WordPair;
}

const wordsPerBlock = 4;

/**
 * An endless sequence of random 32-bit words that can be entered anywhere.
 *
 * Word `p` is word `p mod 4` of the Philox block whose counter is
 * `c0` = low and `c1` = high half of the block number `floor(p / 4)`, `c2, c3` = `id.stream`, under the key `id.key`.
 */
export class WordStream {
  readonly id: StreamId;
  private readonly block = new Uint32Array(wordsPerBlock);
  /** Number of the block that follows the one in `block`. */
  private nextBlock = 0;
  /** Words of `block` already handed out; all four: nothing is waiting. */
  private used = wordsPerBlock;

  constructor(id: StreamId, position = 0) {
    this.id = id;
    this.seek(position);
  }

  /** How many words have been drawn. */
  get position(): number {
    return this.nextBlock * wordsPerBlock - (wordsPerBlock - this.used);
  }

  seek(position: number): void {
    this.nextBlock = Math.floor(position / wordsPerBlock);
    this.used = wordsPerBlock;
    const within = position % wordsPerBlock;
    if (within === 0) return;
    this.fillBlocks(this.block, 0, 1);
    this.used = within;
  }

  /** The next word, from 0 to 2³² − 1. */
  next(): number {
    if (this.used === wordsPerBlock) {
      this.fillBlocks(this.block, 0, 1);
      this.used = 0;
    }
    return this.block[this.used++];
  }

  /** The next `length` words: the same ones that `length` calls of `next` would give. */
  fill(out: Uint32Array, length: number): void {
    let i = 0;
    while (this.used < wordsPerBlock && i < length) out[i++] = this.block[this.used++];
    const whole = Math.floor((length - i) / wordsPerBlock);
    this.fillBlocks(out, i, whole);
    i += whole * wordsPerBlock;
    while (i < length) out[i++] = this.next();
  }

  private fillBlocks(out: Uint32Array, at: number, count: number): void {
    const { key, stream } = this.id;
    const [k0, k1] = key;
    const [c2, c3] = stream;
    let c0 = this.nextBlock | 0;
    let c1 = (this.nextBlock / 2 ** 32) | 0;
    for (let i = 0; i < count; i++) {
      philox4x32(out, at + i * wordsPerBlock, c0, c1, c2, c3, k0, k1);
      c0 = (c0 + 1) | 0;
      if (c0 === 0) c1 = (c1 + 1) | 0;
    }
    this.nextBlock += count;
  }
}
