import { bytesOf, contiguousStrides, sizeOf } from "@dl/tensor";
import type { Pool } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Block } from "../heap/allocator.js";

const word = bytesOf("float32");

/** A window along one dim: where it begins, perhaps in the padding, and which of its elements exist. */
interface Span {
  readonly begin: number;
  readonly taps: readonly number[];
}

const spansAlong = (size: number, count: number, kernel: number, stride: number, dilation: number, before: number): Span[] =>
  Array.from({ length: count }, (_, i) => {
    const begin = i * stride - before;
    const all = Array.from({ length: kernel }, (_, k) => begin + k * dilation);
    return { begin, taps: all.filter((at) => at >= 0 && at < size) };
  });

/** All combinations of one number of each list, added up, the last list fastest. */
const sums = (lists: readonly (readonly number[])[]): number[] => lists.reduce<number[]>((found, list) => found.flatMap((a) => list.map((b) => a + b)), [0]);

/** Addresses and lengths of the tables of one geometry; see `PoolArgs`. */
export interface PoolTables {
  readonly fours: number;
  readonly numFours: number;
  readonly taps: number;
  readonly numTaps: number;
  readonly others: number;
  readonly numOthers: number;
  readonly otherTaps: number;
}

interface Lists {
  /** Fours of begins and outputs. */
  readonly fours: number[];
  readonly others: number[];
  readonly otherTaps: number[];
}

/** Windows row-major, told apart by whether all of their elements exist. What does not fill a four is treated as if some did not. */
function listsOf(sizes: readonly number[], out: readonly number[], { kernel, stride, dilation, padding }: Pool): Lists {
  const steps = contiguousStrides(sizes).map((step) => step * word);
  const spans = sizes.map((size, d) => spansAlong(size, out[d], kernel[d], stride[d], dilation[d], padding[d][0]));
  const strides = contiguousStrides(out);
  const windows = Array.from({ length: sizeOf(out) }, (_, i) => spans.map((own, d) => own[Math.floor(i / strides[d]) % out[d]]));
  const whole = windows.flatMap((window, i) => (window.every(({ taps }, d) => taps.length === kernel[d]) ? [i] : []));
  const inFours = new Set(whole.slice(0, whole.length - (whole.length % 4)));
  const fours: number[] = [];
  [...inFours].forEach((i, n) => {
    const at = Math.floor(n / 4) * 8 + (n % 4);
    fours[at] = windows[i].reduce((sum, { begin }, d) => sum + begin * steps[d], 0);
    fours[at + 4] = i * word;
  });
  const lists: Lists = { fours, others: [], otherTaps: [] };
  windows.forEach((window, i) => {
    if (inFours.has(i)) return;
    const from = lists.otherTaps.length;
    for (const tap of sums(window.map(({ taps }, d) => taps.map((at) => at * steps[d])))) lists.otherTaps.push(tap);
    lists.others.push(i * word, from * word, lists.otherTaps.length * word);
  });
  return lists;
}

/** How many geometries are kept: more than a network has, fewer than images of all sizes would leave behind. */
const mostGeometries = 64;

interface Geometry {
  readonly tables: PoolTables;
  readonly block: Block;
}

/** Where windows lie, worked out once per geometry; the oldest are forgotten. */
export class PoolGeometries {
  private readonly known = new Map<string, Geometry>();

  constructor(private readonly engine: Engine) {}

  of(sizes: readonly number[], out: readonly number[], pool: Pool): PoolTables {
    const { kernel, stride, dilation, padding } = pool;
    const key = [sizes, out, kernel, stride, dilation, padding].join(";");
    let geometry = this.known.get(key);
    if (geometry === undefined) {
      this.forgetOldest();
      this.known.set(key, (geometry = this.make(sizes, out, pool)));
    }
    return geometry.tables;
  }

  private forgetOldest(): void {
    if (this.known.size < mostGeometries) return;
    const [[key, { block }]] = this.known;
    this.known.delete(key);
    this.engine.heap.giveBack(block);
  }

  private make(sizes: readonly number[], out: readonly number[], pool: Pool): Geometry {
    const { heap } = this.engine;
    const { fours, others, otherTaps } = listsOf(sizes, out, pool);
    const steps = contiguousStrides(sizes).map((step) => step * word);
    const taps = sums(pool.kernel.map((count, d) => Array.from({ length: count }, (_, k) => k * pool.dilation[d] * steps[d])));
    const block = heap.borrow((fours.length + taps.length + others.length + otherTaps.length) * word);
    let end = block.pointer;
    const store = (table: readonly number[]): number => {
      const at = end;
      heap.i32.set(table, at / word);
      end += table.length * word;
      return at;
    };
    const tables = {
      fours: store(fours), numFours: fours.length / 8,
      taps: store(taps), numTaps: taps.length,
      others: store(others), numOthers: others.length / 3, otherTaps: store(otherTaps),
    };
    return { tables, block };
  }
}
