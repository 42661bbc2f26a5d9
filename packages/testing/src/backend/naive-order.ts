import type { Backend, View } from "@dl/tensor";

type Index = readonly number[];

/** How the naive backend reads and writes single elements, and walks over positions. */
export interface Elements {
  readonly get: (view: View, index: Index) => number;
  readonly set: (view: View, index: Index, value: number) => void;
  readonly indicesOf: (shape: readonly number[]) => Iterable<Index>;
}

const missesLast = (a: number, b: number): number => Number(Number.isNaN(a)) - Number(Number.isNaN(b));

/** NaN above all numbers, NaN equal to NaN, −0 equal to 0. */
const compare = (a: number, b: number): number => missesLast(a, b) || (a < b ? -1 : Number(a > b));

const folds = {
  sum: (a: number, b: number) => a + b,
  max: (a: number, b: number) => Math.max(a, b),
  min: (a: number, b: number) => Math.min(a, b),
} as const;

/** The contract's optional members on lines, in their plainest form. */
export function naiveOrder({ get, set, indicesOf }: Elements): Required<Pick<Backend, "sort" | "cumulative">> {
  /** All positions of each line along `dim`. */
  const linesOf = ({ shape }: View, dim: number): Index[][] =>
    [...indicesOf(shape.with(dim, 1))].map((start) => Array.from({ length: shape[dim] }, (_, i) => start.with(dim, i)));
  return {
    sort: (x, dim, descending, values, indices) => {
      for (const line of linesOf(x, dim)) {
        const elements = line.map((index, position) => ({ value: get(x, index), position }));
        elements.sort((a, b) => (descending ? -1 : 1) * compare(a.value, b.value) || a.position - b.position);
        elements.forEach(({ value, position }, i) => {
          set(values, line[i], value);
          set(indices, line[i], position);
        });
      }
    },
    cumulative: (kind, x, dim, out) => {
      for (const line of linesOf(x, dim)) {
        let sofar = get(x, line[0]);
        line.forEach((index, i) => {
          if (i > 0) sofar = folds[kind](sofar, get(x, index));
          set(out, index, sofar);
        });
      }
    },
  };
}
