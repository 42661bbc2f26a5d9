import { ShapeError } from "@dl/registry";

export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Row-major strides, in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

export function isContiguous(shape: Shape, strides: Shape): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return sizeOf(shape) === 0;
    expected *= shape[i];
  }
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The shape two operands broadcast to: dimensions are matched from the right, and a 1 stretches.
 * @throws ShapeError with both shapes and the dimension that differs
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = i <= a.length ? a[a.length - i] : 1;
    const n = i <= b.length ? b[b.length - i] : 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        where,
        `shapes ${showShape(a)} and ${showShape(b)} do not broadcast: ${m} against ${n} in dimension -${i}`,
        "Sizes must be equal or 1, from the right; reshape or unsqueeze",
        { shapes: [a, b] },
      );
    }
    shape[rank - i] = m === 1 ? n : m;
  }
  return shape;
}

/** Strides that read `shape` as if it had been stretched to `target`: 0 along every stretched dimension. */
export function broadcastStrides(shape: Shape, strides: Shape, target: Shape): number[] {
  const lead = target.length - shape.length;
  const result = new Array<number>(target.length);
  for (let i = 0; i < target.length; i++) {
    result[i] = i < lead || (shape[i - lead] === 1 && target[i] !== 1) ? 0 : strides[i - lead];
  }
  return result;
}

/** @throws ShapeError unless every size is a whole number ≥ 0 */
export function checkShape(where: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new ShapeError(where, `${String(shape)} is no shape`, "Write it as [2, 3]");
  }
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new ShapeError(where, `${String(size)} in shape ${showShape(shape)} is not a size`, "Sizes are whole numbers of 0 or more");
    }
  }
}

/**
 * A dimension counted from the front; negative ones count from the back.
 * @throws ShapeError when it is out of range
 */
export function normalizeDim(where: string, dim: number, rank: number): number {
  const range = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) {
    throw new ShapeError(where, `dim ${dim} is out of range for ${rank} dimensions`, `Use a dim from ${-range} to ${range - 1}`);
  }
  return dim < 0 ? dim + range : dim;
}

/** Several dimensions, normalised and ascending; `undefined` means all of them. */
export function normalizeDims(where: string, dims: number | readonly number[] | undefined, rank: number): number[] {
  if (dims === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof dims === "number" ? [dims] : dims;
  const normalized = list.map((dim) => normalizeDim(where, dim, rank)).sort((a, b) => a - b);
  for (let i = 1; i < normalized.length; i++) {
    if (normalized[i] === normalized[i - 1]) {
      throw new ShapeError(where, `dim ${normalized[i]} appears twice in [${list.join(", ")}]`, "Name each dim once");
    }
  }
  return rank === 0 ? [] : normalized;
}

