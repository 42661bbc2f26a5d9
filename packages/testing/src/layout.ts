import { createReferenceBackend, isFloat, tensor } from "@dl/tensor";
import type { Backend, DType, Tensor } from "@dl/tensor";

/** How a tensor's elements lie in memory. All layouts show the same elements but `stretched`, which repeats its first row. */
export type Layout = "contiguous" | "transposed" | "offset" | "spread" | "stretched";

interface Elements {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly backend: Backend;
}

/** What lies between the elements: reading it by mistake shows. */
const filler = (dtype: DType): number => (isFloat(dtype) ? NaN : 99);

const place = ({ dtype, backend }: Elements, data: Float64Array, shape: readonly number[]): Tensor => tensor(data, { dtype, shape, backend });

function contiguous(elements: Elements): Tensor {
  return place(elements, Float64Array.from(elements.data), elements.shape);
}

/** Last dim slowest in memory. */
function transposed(elements: Elements): Tensor {
  const { shape, dtype } = elements;
  const order = shape.map((_, d) => shape.length - 1 - d);
  const reordered = tensor(Float64Array.from(elements.data), { shape, dtype: "float64", backend: createReferenceBackend() }).permute(order);
  return spread({ ...elements, data: reordered.dataSync(), shape: reordered.shape, dtype }).permute(order);
}

/** Behind three strangers. */
function offset(elements: Elements): Tensor {
  const { data, shape, dtype } = elements;
  const padded = new Float64Array(data.length + 3).fill(filler(dtype));
  padded.set(data, 3);
  return place(elements, padded, [padded.length]).slice(0, 3).reshape(shape);
}

/** Each element behind a stranger: steps of 2, from 1. */
function spread(elements: Elements): Tensor {
  const { data, shape, dtype } = elements;
  const spaced = new Float64Array(2 * data.length).fill(filler(dtype));
  for (let i = 0; i < data.length; i++) spaced[2 * i + 1] = data[i];
  return place(elements, spaced, [...shape, 2]).select(-1, 1);
}

/** Row 0 for every row, with a stride of 0. */
function stretched(elements: Elements): Tensor {
  const { data, shape } = elements;
  if (shape.length === 0 || data.length === 0) return contiguous(elements);
  const row = data.length / shape[0];
  return place(elements, Float64Array.from({ length: row }, (_, i) => data[i]), [1, ...shape.slice(1)]).expand(shape);
}

const layouts: Readonly<Record<Layout, (elements: Elements) => Tensor>> = { contiguous, transposed, offset, spread, stretched };

/** A tensor whose elements lie in memory as `layout` says. */
export const layOut = (layout: Layout, elements: Elements): Tensor => layouts[layout](elements);
