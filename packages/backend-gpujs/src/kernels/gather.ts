import { reshaped } from "@dl/tensor";
import type { View } from "@dl/tensor";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { indices, positions } from "../source/position.js";
import { plus, sum } from "../source/text.js";
import type { CellOf } from "./cells.js";

const withStride = (view: View, shape: readonly number[], dim: number, stride: number): View =>
  reshaped(view, shape, view.strides.map((own, d) => (d === dim ? stride : own)));

/** out[i][j] = x[index[i][j]][j] for dim 0. */
export function gatherCall(x: View, index: View, dim: number, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, at } = positions(builder, index.shape, [index, withStride(x, index.shape, dim, 0)], "i", "p");
  const chosen = `const w = ${builder.input(cellOf(index))}[${at[0]}];`;
  return builder.build([...lines, chosen], `${builder.input(cellOf(x))}[${plus(at[1], sum([["w", x.strides[dim]]]))}]`);
}

/** out[index[i][j]][j] += src[i][j] for dim 0, asked the other way round: each output looks for what belongs to it. */
export function scatterAddCall(index: View, src: View, dim: number, out: View, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const count = index.shape[dim];
  const { lines, names } = indices(out.shape, "i", "p");
  const place = (view: View): string => plus(builder.offset(view.offset), sum([...names.map((name, d) => [name, d === dim ? 0 : view.strides[d]] as const), ["k", view.strides[dim]]]));
  // The index may be smaller than the output in other dims.
  const inside = names.flatMap((name, d) => (d !== dim && index.shape[d] < out.shape[d] ? [`${name} < ${index.shape[d]}`] : []));
  const look = `for (let k = 0; k < ${count}; k++) { if (${builder.input(cellOf(index))}[${place(index)}] === ${names[dim]}) { s += ${builder.input(cellOf(src))}[${place(src)}]; } }`;
  return builder.build(
    [...lines, `let s = ${builder.input(cellOf(out))}[${plus(builder.offset(out.offset), "i")}];`, inside.length === 0 ? look : `if (${inside.join(" && ")}) { ${look} }`],
    "s",
  );
}
