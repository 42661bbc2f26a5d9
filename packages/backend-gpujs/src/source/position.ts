import { collapse, reshaped, sizeOf } from "@dl/tensor";
import type { View } from "@dl/tensor";
import type { CallBuilder } from "./builder.js";
import { plus, sum } from "./text.js";

/** Up to here the quotient of two floats, cut, is that of the whole numbers. */
const exactQuotients = 1 << 20;

/** ⌊a/b⌋ of whole numbers up to `bound`, below 2²⁴. */
export const quotient = (a: string, b: number, bound: number): string => (bound <= exactQuotients ? `Math.floor((${a} + 0.5) / ${b})` : `dlQuotient(${a}, ${b})`);

export interface Positions {
  /** Statements that work out the position in each dim. */
  readonly lines: readonly string[];
  /** Where each view's element lies. */
  readonly at: readonly string[];
}

/** Names of the positions in dims of `shape`, row-major, of the element with number `index`. @param prefix of the names */
export function indices(shape: readonly number[], index: string, prefix: string): { readonly lines: readonly string[]; readonly names: readonly string[] } {
  const lines: string[] = [];
  const names = new Array<string>(shape.length);
  const total = sizeOf(shape);
  let rest = index;
  for (let d = shape.length - 1; d > 0; d--) {
    const [outer, own] = [`${prefix}q${d}`, `${prefix}${d}`];
    lines.push(`const ${outer} = ${quotient(rest, shape[d], total)};`, `const ${own} = ${rest} - ${outer} * ${shape[d]};`);
    names[d] = own;
    rest = outer;
  }
  if (shape.length > 0) names[0] = rest;
  return { lines, names };
}

/** Where the element with number `index` of a shape lies in views of that shape. */
export function positions(builder: CallBuilder, shape: readonly number[], views: readonly View[], index: string, prefix: string): Positions {
  const walk = collapse(shape, views);
  const { lines, names } = indices(walk.shape, index, prefix);
  return { lines, at: views.map(({ offset }, v) => plus(builder.offset(offset), sum(names.map((name, d) => [name, walk.strides[v][d]] as const)))) };
}

/** The view with only some of its dims, from the same offset. */
export const along = (view: View, dims: readonly number[]): View => reshaped(view, dims.map((d) => view.shape[d]), dims.map((d) => view.strides[d]));
