import { contiguousStrides } from "@dl/tensor";
import type { Pool, View } from "@dl/tensor";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { indices } from "../source/position.js";
import { plus, sum } from "../source/text.js";
import type { CellOf } from "./cells.js";
import { largest } from "./reduce.js";
import { elementsOfWindow, windowsOfElement } from "./windows.js";

/** Where [n, c, ...at] lies in planes of these sizes, which are contiguous. */
const place = (builder: CallBuilder, { shape, strides, offset }: View, names: readonly string[]): string =>
  plus(builder.offset(offset), sum(shape.map((_, d) => [names[d], strides[d]] as const)));

const flattened = (sizes: readonly number[], at: readonly string[]): string => sum(contiguousStrides(sizes).map((stride, d) => [at[d], stride] as const));

/** Where in its flattened plane each window's largest element lies. */
export function positionsCall(x: View, pool: Pool, out: View, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, names } = indices(out.shape, "i", "o");
  const [n, c, ...window] = names;
  const sizes = x.shape.slice(2);
  const { at, around } = elementsOfWindow(pool, sizes, window);
  const value = `${builder.input(cellOf(x))}[${place(builder, x, [n, c, ...at])}]`;
  return builder.build([...lines, largest.begin, around(`const v = ${value}; const k = ${flattened(sizes, at)}; ${largest.step}`)], largest.result);
}

/** The sum of each window. */
export function sumPoolCall(x: View, pool: Pool, out: View, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, names } = indices(out.shape, "i", "o");
  const [n, c, ...window] = names;
  const { at, around } = elementsOfWindow(pool, x.shape.slice(2), window);
  return builder.build([...lines, "let s = 0;", around(`s += ${builder.input(cellOf(x))}[${place(builder, x, [n, c, ...at])}];`)], "s");
}

/** Each element's sum over the windows that see it, or only over those whose position it is. */
export function poolGradientCall(y: View, positions: View | null, pool: Pool, out: View, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, names } = indices(out.shape, "i", "o");
  const [n, c, ...element] = names;
  const { at, around } = windowsOfElement(pool, y.shape.slice(2), element);
  const add = `s += ${builder.input(cellOf(y))}[${place(builder, y, [n, c, ...at])}];`;
  const own = `const own = ${flattened(out.shape.slice(2), element)};`;
  const chosen = (view: View): string => `if (${builder.input(cellOf(view))}[${place(builder, view, [n, c, ...at])}] === own) { ${add} }`;
  return builder.build([...lines, ...(positions === null ? [] : [own]), "let s = 0;", around(positions === null ? add : chosen(positions))], "s");
}
