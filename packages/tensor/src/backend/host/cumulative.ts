import type { TypedArray } from "../../dtype.js";
import type { CumulativeKind, View } from "../contract.js";
import { arrayOf } from "../reference/buffer.js";
import { forEachLine } from "./lines.js";

type Scan = (n: number, a: TypedArray, p: number, step: number, out: TypedArray, q: number, outStep: number) => void;

// Sums are kept in float64 and only stored in the output's dtype.
const scans: Readonly<Record<CumulativeKind, Scan>> = {
  sum: (n, a, p, step, out, q, outStep) => {
    let total = 0;
    for (let i = 0; i < n; i++, p += step, q += outStep) out[q] = total += a[p];
  },
  max: (n, a, p, step, out, q, outStep) => {
    let best = -Infinity;
    for (let i = 0; i < n; i++, p += step, q += outStep) out[q] = best = Math.max(best, a[p]);
  },
  min: (n, a, p, step, out, q, outStep) => {
    let best = Infinity;
    for (let i = 0; i < n; i++, p += step, q += outStep) out[q] = best = Math.min(best, a[p]);
  },
};

/** `Backend.cumulative` for views of typed arrays. */
export function cumulative(kind: CumulativeKind, x: View, dim: number, out: View): void {
  const [from, to] = [arrayOf(x), arrayOf(out)];
  const scan = scans[kind];
  const n = x.shape[dim];
  forEachLine(dim, [x, out], ([p, q]) => { scan(n, from, p, x.strides[dim], to, q, out.strides[dim]); });
}
