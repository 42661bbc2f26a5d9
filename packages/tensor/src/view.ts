import type { DeviceBuffer, View } from "./backend/contract.js";
import type { DType } from "./dtype.js";
import { broadcastStrides, contiguousStrides, sameShape } from "./shape.js";
import type { Shape } from "./shape.js";

export const contiguousView = (buffer: DeviceBuffer, dtype: DType, shape: Shape): View => ({
  buffer,
  dtype,
  shape,
  strides: contiguousStrides(shape),
  offset: 0,
});

/** `view` with another geometry over the same memory. */
export const reshaped = (view: View, shape: Shape, strides: Shape, offset = view.offset): View => ({
  buffer: view.buffer,
  dtype: view.dtype,
  shape,
  strides,
  offset,
});

/** `view` stretched to `shape`; itself where the shapes are equal already. */
export function broadcastView(view: View, shape: Shape): View {
  return sameShape(view.shape, shape) ? view : reshaped(view, shape, broadcastStrides(view.shape, view.strides, shape));
}

/** Strides that show `view`'s elements, in order, under another shape; `null` when only a copy can. */
export function reshapeStrides(shape: Shape, strides: Shape, target: Shape): number[] | null {
  const result = new Array<number>(target.length);
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === 0) return contiguousStrides(target);
  let from = shape.length - 1;
  let to = target.length - 1;
  while (from >= 0 || to >= 0) {
    // Take the smallest groups of dims, from the right, that hold equally many elements on both sides.
    const [fromEnd, toEnd] = [from, to];
    let fromSize = from >= 0 ? shape[from--] : 1;
    let toSize = to >= 0 ? target[to--] : 1;
    while (fromSize !== toSize) {
      if (fromSize < toSize) fromSize *= shape[from--];
      else toSize *= target[to--];
    }
    // The source group must be evenly spaced; dims of size 1 may have any stride.
    let stride = -1;
    let spacing = 0;
    for (let i = fromEnd; i > from; i--) {
      if (shape[i] === 1) continue;
      if (stride === -1) spacing = strides[i];
      else if (strides[i] !== stride) return null;
      stride = strides[i] * shape[i];
    }
    for (let i = toEnd, step = spacing; i > to; i--) {
      result[i] = step;
      step *= target[i];
    }
  }
  return result;
}
