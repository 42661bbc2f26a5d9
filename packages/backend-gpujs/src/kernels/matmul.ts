import type { View } from "@dl/tensor";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { along, indices, positions } from "../source/position.js";
import { plus, sum } from "../source/text.js";
import type { CellOf } from "./cells.js";

/** Steps that are written out: a loop's own work is then shared by four. */
const unroll = 4;

/** One thread per output: a row times a column, whatever their strides. */
export function matmulCall(a: View, b: View, out: View, offset: View | undefined, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const dims = out.shape.length;
  const [row, column] = [dims - 2, dims - 1];
  const [rows, columns, steps] = [out.shape[row], out.shape[column], a.shape[column]];
  const batch = out.shape.slice(0, row).map((_, d) => d);
  const place = indices([out.shape.slice(0, row).reduce((x, y) => x * y, 1), rows, columns], "i", "o");
  const [m, r, c] = place.names;
  const views = [a, b, ...(offset === undefined ? [] : [offset])].map((view) => along(view, batch));
  const outer = positions(builder, out.shape.slice(0, row), views, m, "m");
  // Arrays without elements cannot be handed in.
  const [x, y] = steps === 0 ? ["", ""] : [builder.input(cellOf(a)), builder.input(cellOf(b))];
  const term = (k: string): string => `${x}[f + ${sum([[k, a.strides[column]]])}] * ${y}[g + ${sum([[k, b.strides[row]]])}]`;
  const whole = steps - (steps % unroll);
  const lines = [
    ...place.lines,
    ...outer.lines,
    `const f = ${plus(outer.at[0], sum([[r, a.strides[row]]]))};`,
    `const g = ${plus(outer.at[1], sum([[c, b.strides[column]]]))};`,
    "let s = 0;",
    ...(whole === 0 ? [] : [`for (let k = 0; k < ${whole}; k += ${unroll}) { s += ${Array.from({ length: unroll }, (_, j) => term(`(k + ${j})`)).join(" + ")}; }`]),
    ...Array.from({ length: steps - whole }, (_, j) => `s += ${term(`${whole + j}`)};`),
  ];
  if (offset === undefined) return builder.build(lines, "s");
  const start = plus(outer.at[2], sum([[r, offset.strides[row]], [c, offset.strides[column]]]));
  return builder.build(lines, `s + ${builder.input(cellOf(offset))}[${start}]`);
}
