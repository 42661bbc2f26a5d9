/** Sizes and addresses are multiples of this: a cache line, so that vectors never straddle one for no reason. */
export const alignment = 64;

/** A stretch of the heap. All stretches form one list in order of address; free ones are also in a bin by size. */
export interface Block {
  pointer: number;
  size: number;
  free: boolean;
  before: Block | null;
  after: Block | null;
  previousInBin: Block | null;
  nextInBin: Block | null;
}

/** Below this many alignment units every size has a bin of its own. */
const exactBins = 64;
/** Above, each power of two is split into this many. */
const binsPerOctave = 4;
const binCount = exactBins + binsPerOctave * 27;

function binOf(size: number): number {
  const units = size / alignment;
  if (units < exactBins) return units;
  const octave = 31 - Math.clz32(units);
  return exactBins + (octave - 6) * binsPerOctave + ((units >>> (octave - 2)) & 3);
}

/** How many blocks of one bin are looked at before a larger one is cut up. */
const tries = 8;

/**
 * A coalescing allocator: freed neighbours melt into one block, so that shapes may change from step to step without wearing the heap down.
 * (Knuth, The Art of Computer Programming, vol. 1, §2.5: boundary tags; bins as in Lea's allocator.)
 */
export class Allocator {
  private readonly bins = new Array<Block | null>(binCount).fill(null);
  /** One bit per bin that is not empty. */
  private readonly occupied = new Int32Array(Math.ceil(binCount / 32));
  private last: Block | null = null;

  /** Adds [end of what is managed, +size) to the managed range. Ranges arrive in order, each where the one before ends. */
  extend(pointer: number, size: number): void {
    const block: Block = { pointer, size, free: false, before: this.last, after: null, previousInBin: null, nextInBin: null };
    if (this.last !== null) this.last.after = block;
    this.last = block;
    this.release(block);
  }

  /** @param size a multiple of the alignment @returns null when no free stretch is long enough */
  take(size: number): Block | null {
    const block = this.find(size);
    if (block === null) return null;
    this.unlink(block);
    block.free = false;
    if (block.size > size) this.split(block, size);
    return block;
  }

  release(block: Block): void {
    block.free = true;
    const { before, after } = block;
    if (after?.free === true) {
      this.unlink(after);
      this.absorb(block, after);
    }
    if (before?.free === true) {
      this.unlink(before);
      this.absorb(before, block);
      this.link(before);
    } else {
      this.link(block);
    }
  }

  private find(size: number): Block | null {
    const own = binOf(size);
    let block = this.bins[own];
    for (let i = 0; block !== null && i < tries; i++, block = block.nextInBin) if (block.size >= size) return block;
    const bin = this.nextOccupied(own + 1);
    return bin < 0 ? this.searchWhole(block, size) : this.bins[bin];
  }

  /** Nothing larger is left: the rest of the own bin may still fit. */
  private searchWhole(rest: Block | null, size: number): Block | null {
    for (let block = rest; block !== null; block = block.nextInBin) if (block.size >= size) return block;
    return null;
  }

  private nextOccupied(from: number): number {
    for (let word = from >> 5, mask = -1 << (from & 31); word < this.occupied.length; word++, mask = -1) {
      const bits = this.occupied[word] & mask;
      if (bits !== 0) return word * 32 + (31 - Math.clz32(bits & -bits));
    }
    return -1;
  }

  private split(block: Block, size: number): void {
    const rest: Block = { pointer: block.pointer + size, size: block.size - size, free: true, before: block, after: block.after, previousInBin: null, nextInBin: null };
    block.size = size;
    if (block.after === null) this.last = rest;
    else block.after.before = rest;
    block.after = rest;
    this.link(rest);
  }

  /** Makes `right`, the neighbour after `left`, a part of it. */
  private absorb(left: Block, right: Block): void {
    left.size += right.size;
    left.after = right.after;
    if (right.after === null) this.last = left;
    else right.after.before = left;
  }

  private link(block: Block): void {
    const bin = binOf(block.size);
    const first = this.bins[bin];
    block.previousInBin = null;
    block.nextInBin = first;
    if (first !== null) first.previousInBin = block;
    this.bins[bin] = block;
    this.occupied[bin >> 5] |= 1 << (bin & 31);
  }

  private unlink(block: Block): void {
    const bin = binOf(block.size);
    const { previousInBin, nextInBin } = block;
    if (previousInBin === null) this.bins[bin] = nextInBin;
    else previousInBin.nextInBin = nextInBin;
    if (nextInBin !== null) nextInBin.previousInBin = previousInBin;
    if (this.bins[bin] === null) this.occupied[bin >> 5] &= ~(1 << (bin & 31));
  }
}
