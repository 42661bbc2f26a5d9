import { isFloat } from "../dtype.js";
import type { DType } from "../dtype.js";
import { fixed, scientific } from "./decimal.js";

/** How every element of one tensor is shown: all alike, padded to one width. */
export interface ElementFormat {
  readonly width: number;
  show(value: number): string;
}

interface FloatStyle {
  readonly precision: number;
  /** Undefined: chosen by the values. */
  readonly sciMode: boolean | undefined;
}

/** Above this ratio of largest to smallest magnitude, fixed digits would hide the small ones. */
const widestRatio = 1000;
const largestFixed = 1e8;
const smallestFixed = 1e-4;

function padded(show: (value: number) => string, values: Iterable<number>): ElementFormat {
  let width = 1;
  for (const value of values) width = Math.max(width, show(value).length);
  return { width, show: (value) => show(value).padStart(width) };
}

/**
 * Chooses as PyTorch does. Only finite numbers other than 0 have a say: whole floats show as `2.`; magnitudes that span
 * more than 1000 : 1, pass 1e8 or (unless all are whole) fall below 1e-4 turn all to scientific notation.
 */
function floatFormat(values: readonly number[], { precision, sciMode }: FloatStyle): ElementFormat {
  const telling = values.filter((value) => Number.isFinite(value) && value !== 0);
  const magnitudes = telling.map(Math.abs);
  const largest = magnitudes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = magnitudes.reduce((a, b) => Math.min(a, b), Infinity);
  const whole = telling.every(Number.isInteger);
  const wide = largest / smallest > widestRatio || largest > largestFixed || (!whole && smallest < smallestFixed);
  if (sciMode ?? wide) return padded((value) => scientific(value, precision), telling);
  if (whole) return padded((value) => fixed(value, 0) + (Number.isFinite(value) ? "." : ""), telling);
  return padded((value) => fixed(value, precision), telling);
}

/** The format that suits the values which will be shown. */
export function elementFormat(dtype: DType, values: readonly number[], style: FloatStyle): ElementFormat {
  if (isFloat(dtype)) return floatFormat(values, style);
  return padded(dtype === "bool" ? (value) => (value === 0 ? "false" : "true") : String, values);
}
