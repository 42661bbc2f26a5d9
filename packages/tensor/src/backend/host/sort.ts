import type { View } from "../contract.js";
import { arrayOf } from "../reference/buffer.js";
import { forEachLine } from "./lines.js";

/** Below this length a line is sorted by insertion, and longer ones begin with pieces of it. */
const pieceLength = 8;

/** Keys of one line with the positions they come from, and as much room to merge into. */
interface Line {
  keys: Float64Array;
  order: Int32Array;
  otherKeys: Float64Array;
  otherOrder: Int32Array;
}

const newLine = (n: number): Line => ({ keys: new Float64Array(n), order: new Int32Array(n), otherKeys: new Float64Array(n), otherOrder: new Int32Array(n) });

function sortPiece({ keys, order }: Line, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const [key, position] = [keys[i], order[i]];
    let j = i - 1;
    for (; j >= from && keys[j] > key; j--) {
      keys[j + 1] = keys[j];
      order[j + 1] = order[j];
    }
    keys[j + 1] = key;
    order[j + 1] = position;
  }
}

/** Merges the sorted stretches [from, middle) and [middle, to); of equal keys those of the first come first. */
function merge({ keys, order, otherKeys, otherOrder }: Line, from: number, middle: number, to: number): void {
  for (let a = from, b = middle, k = from; k < to; k++) {
    const next = a < middle && (b >= to || keys[a] <= keys[b]) ? a++ : b++;
    otherKeys[k] = keys[next];
    otherOrder[k] = order[next];
  }
}

/** Sorts the first `n` keys, none of them NaN, by merging from the bottom up. */
function mergeSort(line: Line, n: number): void {
  for (let from = 0; from < n; from += pieceLength) sortPiece(line, from, Math.min(from + pieceLength, n));
  for (let width = pieceLength; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) merge(line, from, Math.min(from + width, n), Math.min(from + 2 * width, n));
    const { keys, order } = line;
    [line.keys, line.order, line.otherKeys, line.otherOrder] = [line.otherKeys, line.otherOrder, keys, order];
  }
}

/** `Backend.sort` for views of typed arrays. NaN, which compares with nothing, is set aside; descending sorts the negated keys. */
export function sort(x: View, dim: number, descending: boolean, values: View, indices: View): void {
  const [from, toValues, toIndices] = [arrayOf(x), arrayOf(values), arrayOf(indices)];
  const [n, step, valueStep, indexStep] = [x.shape[dim], x.strides[dim], values.strides[dim], indices.strides[dim]];
  const line = newLine(n);
  const missing = new Int32Array(n);
  forEachLine(dim, [x, values, indices], ([p, v, k]) => {
    let [count, lost] = [0, 0];
    for (let i = 0; i < n; i++) {
      const value = from[p + i * step];
      if (Number.isNaN(value)) {
        missing[lost++] = i;
      } else {
        line.keys[count] = descending ? -value : value;
        line.order[count++] = i;
      }
    }
    mergeSort(line, count);
    const [first, firstOfMissing] = descending ? [lost, 0] : [0, count];
    const place = (at: number, position: number): void => {
      toValues[v + at * valueStep] = from[p + position * step];
      toIndices[k + at * indexStep] = position;
    };
    for (let i = 0; i < count; i++) place(first + i, line.order[i]);
    for (let i = 0; i < lost; i++) place(firstOfMissing + i, missing[i]);
  });
}
