import type { View } from "@dl/tensor";
import type { Cell } from "../device/cell.js";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { positions } from "../source/position.js";
import { plus, sum } from "../source/text.js";
import type { CellOf } from "./cells.js";

/** The view's elements, row-major. */
export function denseCall(view: View, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, at } = positions(builder, view.shape, [view], "i", "p");
  return builder.build(lines, `${builder.input(cellOf(view))}[${at[0]}]`);
}

/**
 * All of a buffer of which a view is replaced: for each element, whether the view shows it, and if so, which of its elements it is.
 * From the dim with the largest stride to that with the smallest, the position in each is what is left over, divided.
 * @param before the buffer's numbers @param source a view of the target's shape
 */
export function mergeCall(before: Cell, source: View, target: View, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const dims = target.shape.map((size, d) => ({ size, d, stride: target.strides[d] })).filter(({ size }) => size > 1);
  dims.sort((a, b) => Math.abs(b.stride) - Math.abs(a.stride));
  // Where strides are negative, the view begins at its end.
  const first = dims.reduce((at, { size, stride }) => at + Math.min(0, stride * (size - 1)), target.offset);
  const lines = [`let rest = i - ${builder.offset(first)};`, "let inside = rest < 0 ? 0 : 1;"];
  const terms: [string, number][] = [];
  for (const { size, d, stride } of dims) {
    const step = Math.abs(stride);
    lines.push(`const t${d} = dlQuotient(rest, ${step});`, `rest = rest - t${d} * ${step};`, `if (t${d} >= ${size}) { inside = 0; }`);
    terms.push([stride < 0 ? `(${size - 1} - t${d})` : `t${d}`, source.strides[d]]);
  }
  lines.push("if (rest > 0) { inside = 0; }", `let s = ${builder.input(before)}[i];`);
  lines.push(`if (inside > 0) { s = ${builder.input(cellOf(source))}[${plus(builder.offset(source.offset), sum(terms))}]; }`);
  return builder.build(lines, "s");
}
