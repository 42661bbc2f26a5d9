import { contiguousStrides, sizeOf, type Shape } from "@dl/tensor";

/** The standard deviation as a part of the window: what nnU-Net blends by. */
const GAUSSIAN_SCALE = 1 / 8;

function bell(size: number): number[] {
  const middle = (size - 1) / 2;
  return Array.from({ length: size }, (_, i) => Math.exp(-(((i - middle) / (size * GAUSSIAN_SCALE)) ** 2) / 2));
}

/** What is added, along every dim, up to each place; row-major. */
function overDims<T>(lists: readonly (readonly T[])[], combine: (sum: number, own: T, dim: number) => number, start: number): number[] {
  return lists.reduce<number[]>((found, own, dim) => found.flatMap((sum) => own.map((value) => combine(sum, value, dim))), [start]);
}

/** Means of planes that windows see parts of, each window with weights of its own. */
export class WeightedMeans {
  /** [planes, ...sizes], as far as windows were added. */
  values = new Float64Array(0);
  /** Sum of the weights at each place. */
  readonly #total: Float64Array;
  readonly #strides: Shape;
  readonly #offsets: readonly number[];
  readonly #weights: readonly number[];

  constructor(sizes: Shape, window: Shape, blend: "constant" | "gaussian") {
    this.#total = new Float64Array(sizeOf(sizes));
    this.#strides = contiguousStrides(sizes);
    this.#offsets = overDims(window.map((size) => Array.from({ length: size }, (_, i) => i)), (sum, i, dim) => sum + i * this.#strides[dim], 0);
    this.#weights = overDims(window.map((size) => (blend === "gaussian" ? bell(size) : new Array<number>(size).fill(1))), (sum, weight) => sum * weight, 1);
  }

  /**
   * Adds what a window at `start` says, [planes, ...window]. The mean moves towards it by its share of the weights so far: windows that
   * agree leave it exactly where it is.
   */
  add(seen: ArrayLike<number>, start: readonly number[]): void {
    const area = this.#total.length;
    const count = this.#offsets.length;
    const planes = seen.length / count;
    if (this.values.length === 0) this.values = new Float64Array(planes * area);
    const origin = start.reduce((sum, at, dim) => sum + at * this.#strides[dim], 0);
    for (let i = 0; i < count; i++) {
      const place = origin + this.#offsets[i];
      this.#total[place] += this.#weights[i];
      const share = this.#weights[i] / this.#total[place];
      for (let p = 0; p < planes; p++) {
        const at = p * area + place;
        this.values[at] += share * (seen[p * count + i] - this.values[at]);
      }
    }
  }
}
