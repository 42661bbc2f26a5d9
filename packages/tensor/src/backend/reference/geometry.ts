import type { View } from "../contract.js";

/** Several views of one shape, with neighbouring dims merged wherever every view walks evenly over them. */
export interface Walk {
  readonly shape: readonly number[];
  /** strides[v][d] of view v. */
  readonly strides: readonly (readonly number[])[];
}

function mergeable(views: readonly View[], d: number, strides: readonly number[][], last: number, size: number): boolean {
  for (let v = 0; v < views.length; v++) if (views[v].strides[d] !== strides[v][last] * size) return false;
  return true;
}

/** Collapses `shape` to as few dims as possible; dims of size 1 vanish. At least one dim remains. */
export function collapse(shape: readonly number[], views: readonly View[]): Walk {
  // Built innermost first, reversed at the end.
  const sizes: number[] = [];
  const strides: number[][] = views.map(() => []);
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && mergeable(views, d, strides, last, sizes[last])) {
      sizes[last] *= shape[d];
    } else {
      sizes.push(shape[d]);
      for (let v = 0; v < views.length; v++) strides[v].push(views[v].strides[d]);
    }
  }
  if (sizes.length === 0) {
    sizes.push(1);
    for (const own of strides) own.push(0);
  }
  if (sizes.length > 1) {
    sizes.reverse();
    for (const own of strides) own.reverse();
  }
  return { shape: sizes, strides };
}

/**
 * Calls `row` for every position of all dims but the last, with the offset of each view there.
 * `offsets` is updated in place; it starts at the views' own offsets.
 */
export function forEachRow({ shape, strides }: Walk, offsets: number[], row: () => void): void {
  const outer = shape.length - 1;
  if (shape.includes(0)) return;
  const index = new Array<number>(outer).fill(0);
  for (;;) {
    row();
    let d = outer - 1;
    for (; d >= 0; d--) {
      index[d]++;
      const back = index[d] === shape[d];
      for (let v = 0; v < offsets.length; v++) offsets[v] += back ? -strides[v][d] * (shape[d] - 1) : strides[v][d];
      if (!back) break;
      index[d] = 0;
    }
    if (d < 0) return;
  }
}
