import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import type { DType } from "../dtype.js";
import { checkHostArray } from "../io/host-array.js";
import type { HostArray } from "../io/host-array.js";
import { showShape, sizeOf } from "../shape.js";
import { elementFormat } from "./elements.js";
import type { ElementFormat } from "./elements.js";

export interface PrintOptions {
  /** Digits after the point; 4. */
  readonly precision?: number;
  /** The number of elements up to which all are shown; 1000. Infinity shows every tensor whole. */
  readonly threshold?: number;
  /** How many are shown at either end of each dimension of a larger tensor; 3. */
  readonly edgeItems?: number;
  /** Characters to a line; 80. */
  readonly lineWidth?: number;
  /** Scientific notation always or never; by default where the values call for it. */
  readonly sciMode?: boolean;
  /** Whether to say `requiresGrad=true`; false. */
  readonly requiresGrad?: boolean;
}

const where = "formatTensor";
const optionNames = ["precision", "threshold", "edgeItems", "lineWidth", "sciMode", "requiresGrad"];
const prefix = "tensor(";

/** dtypes that are told by how their elements look: `1.`, `1`, `true`. */
const evidentDTypes: readonly DType[] = ["float32", "int32", "bool"];

/**
 * Text of a tensor as PyTorch prints it: `tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]])`.
 *
 * Elements are aligned; floats have 4 digits, or none when all are whole (`1.`), or scientific notation when their
 * magnitudes span more than 1000 : 1, pass 1e8 or fall below 1e-4. Tensors above `threshold` elements show the ends of
 * every dimension around `...`. After the elements come `shape=` of an empty tensor, `dtype=` unless it is float32, int32
 * or bool (which their elements tell; an empty tensor has none, so there only float32 goes without), and `requiresGrad=true`.
 * @throws DTypeError, ShapeError when data, dtype and shape disagree
 * @throws UnknownNameError, ValueError for options that do not exist or cannot be
 */
export function formatTensor(host: Pick<HostArray, "dtype" | "shape" | "data">, options: PrintOptions = {}): string {
  checkPrintOptions(options);
  checkHostArray(where, "tensor", host);
  return layOut(host, options);
}

/** `formatTensor` without its checks, for what is known to be in order. */
export function layOut(host: Pick<HostArray, "dtype" | "shape" | "data">, options: PrintOptions): string {
  const { precision = 4, threshold = 1000, edgeItems = 3, lineWidth = 80, sciMode, requiresGrad = false } = options;
  const { dtype, shape, data } = host;
  const empty = data.length === 0;
  const view: Printed = { host, lineWidth, edge: data.length > threshold ? edgeItems : Infinity };
  const text = empty ? "[]" : rows(view, 0, 0, elementFormat(dtype, shownValues(view, 0, 0), { precision, sciMode }));

  const suffixes: string[] = [];
  if (empty && shape.length !== 1) suffixes.push(`shape=${showShape(shape)}`);
  if (empty ? dtype !== "float32" : !evidentDTypes.includes(dtype)) suffixes.push(`dtype=${dtype}`);
  if (requiresGrad) suffixes.push("requiresGrad=true");
  return `${withSuffixes(prefix + text, suffixes, lineWidth)})`;
}

function checkPrintOptions(options: PrintOptions): void {
  checkOptions(where, options, optionNames);
  const { precision = 0, threshold = 0, edgeItems = 1, lineWidth = 1 } = options;
  if (!Number.isInteger(precision) || precision < 0 || precision > 40) {
    throw new ValueError(where, `precision is ${precision}`, "Give a whole number from 0 to 40", { precision });
  }
  if (threshold !== Infinity) checkWhole(where, "threshold", threshold);
  checkWhole(where, "edgeItems", edgeItems, 1);
  checkWhole(where, "lineWidth", lineWidth, 1);
}

interface Printed {
  readonly host: Pick<HostArray, "shape" | "data">;
  readonly lineWidth: number;
  /** Elements shown at either end of a dimension. */
  readonly edge: number;
}

const ellipsis = "...";

/** The indices of a dimension that are shown, and where the others are left out. */
function shownIndices(length: number, edge: number): (number | typeof ellipsis)[] {
  if (length <= 2 * edge) return Array.from({ length }, (_, i) => i);
  const ends = Array.from({ length: edge }, (_, i) => i);
  return [...ends, ellipsis, ...ends.map((i) => length - edge + i)];
}

function shownValues(view: Printed, dim: number, offset: number): number[] {
  const { shape, data } = view.host;
  if (dim === shape.length) return [data[offset]];
  const stride = sizeOf(shape.slice(dim + 1));
  return shownIndices(shape[dim], view.edge).flatMap((i) => (i === ellipsis ? [] : shownValues(view, dim + 1, offset + i * stride)));
}

/** The part of the tensor that starts at `offset` and spans the dimensions from `dim` on. */
function rows(view: Printed, dim: number, offset: number, format: ElementFormat): string {
  const { shape, data } = view.host;
  if (dim === shape.length) return format.show(data[offset]);
  const innermost = dim === shape.length - 1;
  const stride = sizeOf(shape.slice(dim + 1));
  const parts = shownIndices(shape[dim], view.edge).map((i) => {
    if (i === ellipsis) return innermost ? ` ${ellipsis}` : ellipsis;
    return rows(view, dim + 1, offset + i * stride, format);
  });
  const indent = prefix.length + dim;
  const gap = `,${"\n".repeat(Math.max(1, shape.length - dim - 1))}${" ".repeat(indent + 1)}`;
  return `[${(innermost ? wrapped(parts, indent, format.width, view.lineWidth) : parts).join(gap)}]`;
}

/** Elements joined into as many lines as they need. */
function wrapped(elements: readonly string[], indent: number, width: number, lineWidth: number): string[] {
  const perLine = Math.max(1, Math.floor((lineWidth - indent) / (width + ", ".length)));
  const lines: string[] = [];
  for (let i = 0; i < elements.length; i += perLine) lines.push(elements.slice(i, i + perLine).join(", "));
  return lines;
}

function withSuffixes(text: string, suffixes: readonly string[], lineWidth: number): string {
  return suffixes.reduce((printed, suffix) => {
    const lastLine = printed.length - printed.lastIndexOf("\n") + 1;
    const fits = lastLine + suffix.length + ", ".length <= lineWidth;
    return `${printed},${fits ? " " : `\n${" ".repeat(prefix.length)}`}${suffix}`;
  }, text);
}
