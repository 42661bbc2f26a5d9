import { bytesOf, contiguousStrides, sizeOf } from "@dl/tensor";
import type { Lattice } from "@dl/tensor";
import type { Engine } from "../engine.js";
import { padded } from "../kernels/gemm/gemm.js";
import { tileColumns } from "../kernels/gemm/tile.js";

const word = bytesOf("float32");

/** Byte offsets of the elements that one window sees, or of where windows begin, in images of `sizes`. */
function offsets(shape: readonly number[], steps: readonly number[], sizes: readonly number[], channels = 1): Int32Array {
  const strides = contiguousStrides(sizes);
  const [counts, distances] = [[channels, ...shape], [sizeOf(sizes), ...shape.map((_, d) => steps[d] * strides[d])]];
  let found = Int32Array.of(0);
  for (let d = 0; d < counts.length; d++) {
    const wider = new Int32Array(found.length * counts[d]);
    for (let i = 0, at = 0; i < found.length; i++) for (let k = 0; k < counts[d]; k++) wider[at++] = found[i] + k * distances[d] * word;
    found = wider;
  }
  return found;
}

/** Addresses of the tables of one geometry. */
export interface Tables {
  /** Offsets of a window's elements, channel by channel. */
  readonly taps: number;
  /** Offsets of where windows begin. */
  readonly places: number;
}

/** Where windows lie, worked out once per geometry; the tables stay in the heap as long as the backend lives. */
export class WindowTables {
  private readonly known = new Map<string, Tables>();

  constructor(private readonly engine: Engine) {}

  /** @param sizes of the padded image; @param out how many windows there are along each dim */
  of(sizes: readonly number[], out: readonly number[], channels: number, { kernel, stride, dilation }: Lattice): Tables {
    const key = [sizes, out, channels, kernel, stride, dilation].join(";");
    let tables = this.known.get(key);
    if (tables === undefined) {
      tables = { taps: this.store(offsets(kernel, dilation, sizes, channels)), places: this.store(offsets(out, stride, sizes)) };
      this.known.set(key, tables);
    }
    return tables;
  }

  /** A table filled up to whole panels by its last entry: what is found there is never written. */
  private store(table: Int32Array): number {
    const { heap } = this.engine;
    const length = padded(table.length, tileColumns);
    const pointer = heap.takeForever(length * word);
    heap.i32.set(table, pointer / word);
    heap.i32.fill(table[table.length - 1], pointer / word + table.length, pointer / word + length);
    return pointer;
  }
}
