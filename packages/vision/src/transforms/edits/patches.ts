import { arange, elementwise, selectExpr, tensor, type Tensor } from "@dl/tensor";
import type { Window } from "./crops.js";

const pasted = /* @__PURE__ */ elementwise("pastePatch", (x, patch, row, column, top, left, bottom, right) =>
  selectExpr(row.ge(top).and(row.lt(bottom)).and(column.ge(left)).and(column.lt(right)), patch, x));

/**
 * Puts part of another picture, or a colour, over a window of each picture: one window for each, or one for all.
 * Shapes: batch [N, C, H, W], patch broadcast to it → [N, C, H, W].
 */
export function withPatch(batch: Tensor, patch: Tensor | number, windows: readonly Window[]): Tensor {
  const { shape: [, , height, width], dtype, backend } = batch;
  const ofEach = (edge: (window: Window) => number): Tensor => tensor(windows.map(edge), { dtype, backend }).reshape([windows.length, 1, 1, 1]);
  const rows = arange(0, height, 1, { dtype, backend }).unsqueeze(1);
  const columns = arange(0, width, 1, { dtype, backend });
  const [top, left] = [ofEach((window) => window.top), ofEach((window) => window.left)];
  const [bottom, right] = [ofEach((window) => window.top + window.height), ofEach((window) => window.left + window.width)];
  return pasted(batch, patch, rows, columns, top, left, bottom, right);
}
