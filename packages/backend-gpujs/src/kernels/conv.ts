import { sizeOf } from "@dl/tensor";
import type { Convolution, View } from "@dl/tensor";
import type { Cell } from "../device/cell.js";
import { CallBuilder } from "../source/builder.js";
import type { Call } from "../source/builder.js";
import { indices, quotient } from "../source/position.js";
import { plus, sum } from "../source/text.js";
import type { CellOf } from "./cells.js";
import { elementsOfWindow, loop, elementsAtTap, tapsOf, windowsOfElement } from "./windows.js";

/** Partial sums of a weight's gradient: enough threads to keep a device busy, and not more memory than this many elements. */
const mostPartials = 1 << 20;

/** Source of a view's element at named positions. */
const element = (builder: CallBuilder, view: View, cellOf: CellOf): ((at: readonly string[]) => string) => {
  const [array, offset] = [builder.input(cellOf(view)), builder.offset(view.offset)];
  return (at) => `${array}[${plus(offset, sum(at.map((name, d) => [name, view.strides[d]] as const)))}]`;
};

/** The group that channel `name` belongs to, times a number of channels per group on the other side. */
const firstOfGroup = (name: string, own: number, others: number, groups: number): string =>
  groups === 1 ? "0" : `${quotient(name, own, own * groups)} * ${others}`;

/** Each output looks at the elements of its window. */
export function convolveCall(x: View, w: View, out: View, geometry: Convolution, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, names } = indices(out.shape, "i", "o");
  const [n, o, ...window] = names;
  const [, channels] = w.shape;
  const [xAt, wAt] = [element(builder, x, cellOf), element(builder, w, cellOf)];
  const { at, around } = elementsOfWindow(geometry, x.shape.slice(2), window);
  const first = firstOfGroup(o, w.shape[0] / geometry.groups, channels, geometry.groups);
  const product = `s += ${xAt([n, "a", ...at])} * ${wAt([o, "c", ...tapsOf(geometry)])};`;
  return builder.build([...lines, "let s = 0;", loop("c", channels, `const a = ${plus(first, "c")}; ${around(product)}`)], "s");
}

/** Each element of the image looks at the windows that see it. */
export function convolveInputCall(y: View, w: View, out: View, geometry: Convolution, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, names } = indices(out.shape, "i", "o");
  const [n, c, ...place] = names;
  const [outputs, channels] = w.shape;
  const perGroup = outputs / geometry.groups;
  const [yAt, wAt] = [element(builder, y, cellOf), element(builder, w, cellOf)];
  const { at, around } = windowsOfElement(geometry, y.shape.slice(2), place);
  const group = geometry.groups === 1 ? "0" : quotient(c, channels, channels * geometry.groups);
  const product = `s += ${yAt([n, "a", ...at])} * ${wAt(["a", "h", ...tapsOf(geometry)])};`;
  const body = `const a = ${geometry.groups === 1 ? "o" : `g * ${perGroup} + o`}; ${around(product)}`;
  return builder.build([...lines, `const g = ${group};`, `const h = ${geometry.groups === 1 ? c : `${c} - g * ${channels}`};`, "let s = 0;", loop("o", perGroup, body)], "s");
}

/** Each weight looks at all windows, of one chunk of the samples: [chunks, ...out]. */
function weightCall(x: View, y: View, out: View, geometry: Convolution, chunks: number, cellOf: CellOf): Call {
  const builder = new CallBuilder();
  const { lines, names } = indices([chunks, ...out.shape], "i", "o");
  const [chunk, o, c, ...taps] = names;
  const samples = x.shape[0];
  const perChunk = Math.ceil(samples / chunks);
  const [xAt, yAt] = [element(builder, x, cellOf), element(builder, y, cellOf)];
  const count = y.shape.slice(2);
  const { at, around } = elementsAtTap(geometry, x.shape.slice(2), count, taps);
  const first = firstOfGroup(o, out.shape[0] / geometry.groups, out.shape[1], geometry.groups);
  const product = `s += ${xAt(["n", "a", ...at])} * ${yAt(["n", o, ...count.map((_, d) => `v${d}`)])};`;
  const sample = around(product);
  const body = `const n = ${plus(chunks === 1 ? "0" : `${chunk} * ${perChunk}`, "m")}; ${samples % perChunk === 0 ? sample : `if (n < ${samples}) { ${sample} }`}`;
  return builder.build([...lines, `const a = ${plus(first, c)};`, "let s = 0;", loop("m", perChunk, body)], "s");
}

/** The gradient of the weights: sums over some of the samples each, and then the sum of these. @param add adds up the first dim of [chunks, weights] */
export function convolveWeight(x: View, y: View, out: View, geometry: Convolution, cellOf: CellOf, run: (call: Call, size: number) => Cell, add: (partial: Cell, chunks: number) => Cell): Cell {
  const size = sizeOf(out.shape);
  const chunks = Math.max(1, Math.min(x.shape[0], Math.floor(mostPartials / size)));
  const partial = run(weightCall(x, y, out, geometry, chunks, cellOf), chunks * size);
  return chunks === 1 ? partial : add(partial, chunks);
}
