import type { View } from "../contract.js";
import { forEachRow } from "../reference/geometry.js";

/** Calls `line` with the offset of each view at the start of every line along `dim`. */
export function forEachLine(dim: number, views: readonly View[], line: (starts: readonly number[]) => void): void {
  // The trailing 1 makes every line a row of its own.
  const walk = { shape: [...views[0].shape.toSpliced(dim, 1), 1], strides: views.map(({ strides }) => strides.toSpliced(dim, 1)) };
  const offsets = views.map(({ offset }) => offset);
  forEachRow(walk, offsets, () => { line(offsets); });
}
