import type { TypedArray } from "../../dtype.js";
import { sizeOf } from "../../shape.js";
import type { View } from "../contract.js";
import { arrayOf } from "./buffer.js";
import { forEachRow } from "./geometry.js";

/** Panel sizes: a strip of 4 × `depth` doubles of each operand stays in the first-level cache. */
const depth = 256;
const height = 128;

/** A matrix inside of an array. */
interface Matrix {
  readonly data: TypedArray;
  readonly rowStride: number;
  readonly colStride: number;
}

let packedA = new Float64Array(0);
let packedB = new Float64Array(0);
const accumulators = new Float64Array(16);

const roundUp4 = (n: number): number => (n + 3) & ~3;

/**
 * Copies rows `from … from+count` and `k … k+kc` of the inner dim into strips of four, padded with zeros:
 * `packed[strip][k][0..3]`. Any strides go in, so a transposed operand costs nothing extra.
 */
function pack(
  packed: Float64Array, data: TypedArray, offset: number, lineStride: number, innerStride: number, count: number, kc: number,
): void {
  let at = 0;
  for (let i = 0; i < count; i += 4) {
    const lines = Math.min(4, count - i);
    if (lines < 4) packed.fill(0, at, at + 4 * kc);
    for (let r = 0; r < lines; r++) {
      let p = offset + (i + r) * lineStride;
      for (let k = 0, q = at + r; k < kc; k++, p += innerStride, q += 4) packed[q] = data[p];
    }
    at += 4 * kc;
  }
}

/** The 4×4 tile Σₖ a[k][i]·b[k][j] into `accumulators`, its sixteen sums held in registers. */
function tile(a: Float64Array, p: number, b: Float64Array, q: number, kc: number): void {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0;
  let c10 = 0, c11 = 0, c12 = 0, c13 = 0;
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0;
  let c30 = 0, c31 = 0, c32 = 0, c33 = 0;
  for (let k = 0; k < kc; k++, p += 4, q += 4) {
    const b0 = b[q], b1 = b[q + 1], b2 = b[q + 2], b3 = b[q + 3];
    const a0 = a[p];
    c00 += a0 * b0; c01 += a0 * b1; c02 += a0 * b2; c03 += a0 * b3;
    const a1 = a[p + 1];
    c10 += a1 * b0; c11 += a1 * b1; c12 += a1 * b2; c13 += a1 * b3;
    const a2 = a[p + 2];
    c20 += a2 * b0; c21 += a2 * b1; c22 += a2 * b2; c23 += a2 * b3;
    const a3 = a[p + 3];
    c30 += a3 * b0; c31 += a3 * b1; c32 += a3 * b2; c33 += a3 * b3;
  }
  const t = accumulators;
  t[0] = c00; t[1] = c01; t[2] = c02; t[3] = c03;
  t[4] = c10; t[5] = c11; t[6] = c12; t[7] = c13;
  t[8] = c20; t[9] = c21; t[10] = c22; t[11] = c23;
  t[12] = c30; t[13] = c31; t[14] = c32; t[15] = c33;
}

function addTile(out: TypedArray, at: number, n: number, rows: number, cols: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0, p = at + i * n; j < cols; j++, p++) out[p] += accumulators[i * 4 + j];
  }
}

/** out = a·b for one pair of matrices; `out` is row-major m×n. */
function multiply(a: Matrix, aAt: number, b: Matrix, bAt: number, out: TypedArray, outAt: number, m: number, n: number, kAll: number): void {
  const needB = roundUp4(n) * Math.min(depth, kAll);
  const needA = roundUp4(Math.min(height, m)) * Math.min(depth, kAll);
  if (packedB.length < needB) packedB = new Float64Array(needB);
  if (packedA.length < needA) packedA = new Float64Array(needA);
  out.fill(0, outAt, outAt + m * n);
  for (let k = 0; k < kAll; k += depth) {
    const kc = Math.min(depth, kAll - k);
    pack(packedB, b.data, bAt + k * b.rowStride, b.colStride, b.rowStride, n, kc);
    for (let i = 0; i < m; i += height) {
      const mc = Math.min(height, m - i);
      pack(packedA, a.data, aAt + i * a.rowStride + k * a.colStride, a.rowStride, a.colStride, mc, kc);
      for (let j = 0; j < n; j += 4) {
        for (let r = 0; r < mc; r += 4) {
          tile(packedA, r * kc, packedB, j * kc, kc);
          addTile(out, outAt + (i + r) * n + j, n, Math.min(4, mc - r), Math.min(4, n - j));
        }
      }
    }
  }
}

/** Matrices too small to be worth packing. */
function multiplySmall(a: Matrix, aAt: number, b: Matrix, bAt: number, out: TypedArray, outAt: number, m: number, n: number, kAll: number): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0, p = aAt + i * a.rowStride, q = bAt + j * b.colStride; k < kAll; k++, p += a.colStride, q += b.rowStride) {
        sum += a.data[p] * b.data[q];
      }
      out[outAt + i * n + j] = sum;
    }
  }
}

function matrixOf(view: View): Matrix {
  const rank = view.shape.length;
  return { data: arrayOf(view), rowStride: view.strides[rank - 2], colStride: view.strides[rank - 1] };
}

/** out += offset, which may be stretched. */
function addOffset(offset: View, out: View): void {
  const [from, to] = [arrayOf(offset), arrayOf(out)];
  const offsets = [offset.offset, out.offset];
  const n = out.shape[out.shape.length - 1];
  const step = offset.strides[offset.strides.length - 1];
  forEachRow({ shape: out.shape, strides: [offset.strides, out.strides] }, offsets, () => {
    for (let j = 0, p = offsets[0], q = offsets[1]; j < n; j++, p += step, q++) to[q] += from[p];
  });
}

/** See `Backend.matmul`. Sums within a panel are kept in float64. */
export function matmul(a: View, b: View, out: View, offset?: View): void {
  multiplyAll(a, b, out);
  if (offset !== undefined) addOffset(offset, out);
}

function multiplyAll(aView: View, bView: View, outView: View): void {
  const rank = outView.shape.length;
  const m = outView.shape[rank - 2];
  const n = outView.shape[rank - 1];
  const k = aView.shape[rank - 1];
  const [a, b, out] = [matrixOf(aView), matrixOf(bView), arrayOf(outView)];
  if (m * n * k === 0) {
    out.fill(0, outView.offset, outView.offset + sizeOf(outView.shape));
    return;
  }
  const kernel = m * n * k <= 512 ? multiplySmall : multiply;
  let outAt = outView.offset;
  const batch = outView.shape.slice(0, -2);
  if (batch.length === 0) {
    kernel(a, aView.offset, b, bView.offset, out, outAt, m, n, k);
    return;
  }
  const offsets = [aView.offset, bView.offset];
  // The trailing 1 makes every matrix a row of its own.
  const walk = { shape: [...batch, 1], strides: [aView.strides.slice(0, -2), bView.strides.slice(0, -2)] };
  forEachRow(walk, offsets, () => {
    kernel(a, offsets[0], b, offsets[1], out, outAt, m, n, k);
    outAt += m * n;
  });
}
