import type { Tensor } from "@dl/tensor";

/** An axis or position counted from the front; negative ones count from the end. */
export const fromFront = (position: number, count: number): number => (position < 0 ? position + count : position);

/** The dims of x, from `start` on. */
export const dimsOf = (x: Tensor, start = 0): number[] => x.shape.map((_, d) => d).slice(start);

/** `count` sizes of 1: dims that only make room for others. */
export const singles = (count: number): number[] => new Array<number>(count).fill(1);
