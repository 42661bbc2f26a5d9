// Windows as views, and the adjoint of looking through them: what convolutions, pools and patches are made of.
import type { Backend, Lattice, View } from "../../backend/contract.js";
import { defineOp, defineView } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { contiguousStrides, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { contiguousView, reshapeStrides, reshaped } from "../../view.js";

/** The strides of [.., ...out, ...kernel] over memory of [.., ...sizes]. */
const windowStrides = (spatial: Shape, { stride, dilation }: Lattice): number[] => [
  ...spatial.map((step, d) => step * stride[d]),
  ...spatial.map((step, d) => step * dilation[d]),
];

/** Every window of the last dims as a view: [.., ...sizes] → [.., ...out, ...kernel]. Nothing is copied. */
export function windowView(x: View, out: Shape, lattice: Lattice): View {
  const lead = x.shape.length - out.length;
  const strides = [...x.strides.slice(0, lead), ...windowStrides(x.strides.slice(lead), lattice)];
  return reshaped(x, [...x.shape.slice(0, lead), ...out, ...lattice.kernel], strides);
}

/** `view` under another shape, by strides alone where that is possible, otherwise through a copy, whose buffer is handed to `keep`. */
export function reshapedView(backend: Backend, view: View, shape: Shape, keep: (temporary: View) => void): View {
  const strides = reshapeStrides(view.shape, view.strides, shape);
  if (strides !== null) return reshaped(view, shape, strides);
  const copy = contiguousView(backend.alloc(view.dtype, sizeOf(view.shape)), view.dtype, view.shape);
  backend.copy(view, copy);
  keep(copy);
  return reshaped(copy, shape, contiguousStrides(shape));
}

/** Position in a flattened [...sizes] of each element of every window, in the order [...out, ...kernel]. */
function windowPositions(sizes: Shape, out: Shape, { kernel, stride, dilation }: Lattice): Int32Array {
  const shape = [...out, ...kernel];
  const strides = windowStrides(contiguousStrides(sizes), { kernel, stride, dilation });
  let positions = Int32Array.of(0);
  for (let d = 0; d < shape.length; d++) {
    const wider = new Int32Array(positions.length * shape[d]);
    for (let i = 0, at = 0; i < positions.length; i++) for (let k = 0; k < shape[d]; k++) wider[at++] = positions[i] + k * strides[d];
    positions = wider;
  }
  return positions;
}

/**
 * Adds windows up where they came from: [rows, ...out, ...kernel] → target [rows, ...sizes], which holds the values to add to.
 * The columns may be any view.
 */
export function addWindows(backend: Backend, columns: View, target: View, lattice: Lattice): void {
  const [rows, ...sizes] = target.shape;
  const out = columns.shape.slice(1, 1 + sizes.length);
  const positions = windowPositions(sizes, out, lattice);
  if (rows * positions.length === 0) return;
  const index = backend.write("int32", positions);
  const temporaries: View[] = [];
  const flat = reshapedView(backend, columns, [rows, positions.length], (view) => temporaries.push(view));
  const everyRow: View = { buffer: index, dtype: "int32", shape: [rows, positions.length], strides: [0, 1], offset: 0 };
  backend.scatterAdd(everyRow, flat, 1, reshaped(target, [rows, sizeOf(sizes)], [sizeOf(sizes), 1]));
  for (const { buffer } of temporaries) backend.free(buffer);
  backend.free(index);
}

/** How many windows fit; the sizes were checked. */
const countWindows = (sizes: Shape, { kernel, stride, dilation }: Lattice): number[] =>
  sizes.map((size, d) => Math.floor((size - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1);

/** All windows over the last dims of an already padded x: [.., ...sizes] → [.., ...out, ...kernel]. A view. */
export const windows = defineView({
  name: "windows",
  parse: (x: Tensor, lattice: Lattice) => [[x], lattice],
  view: (x, lattice) => windowView(x, countWindows(x.shape.slice(-lattice.kernel.length), lattice), lattice),
  backward: ({ grad, inputs: [x], options: lattice }): Tensor[] => [foldWindows(grad, x.shape, lattice)],
});

/** The adjoint of `windows`: every element of every window is added to where it was seen. Shapes: [.., ...out, ...kernel] → `shape`. */
export const foldWindows = defineOp({
  name: "foldWindows",
  parse: (x: Tensor, shape: Shape, lattice: Lattice) => [[x], { shape, lattice }],
  shape: (_, { shape }) => shape,
  flops: ([x]) => x.size,
  forward: (backend, [x], out, { shape, lattice }) => {
    const rank = lattice.kernel.length;
    const rows = sizeOf(shape.slice(0, -rank));
    const temporaries: View[] = [];
    const columns = reshapedView(backend, x, [rows, ...x.shape.slice(-2 * rank)], (view) => temporaries.push(view));
    const sizes = [rows, ...shape.slice(-rank)];
    addWindows(backend, columns, reshaped(out, sizes, contiguousStrides(sizes)), lattice);
    for (const { buffer } of temporaries) backend.free(buffer);
  },
  backward: ({ grad, options: { lattice } }) => [windows(grad, lattice)],
});

const line = (kernel: number, stride = 1, dilation = 1): Lattice => ({ kernel: [kernel], stride: [stride], dilation: [dilation] });
const plane: Lattice = { kernel: [2, 2], stride: [2, 1], dilation: [1, 2] };

export const examples = (): Example[] => [
  example(windows, { inputs: [[1, 2, 3, 4, 5]], call: ([x]) => windows(x, line(2, 1, 2)), expect: [[1, 3], [2, 4], [3, 5]] }),
  example(windows, { shapes: [[2, 4, 4]], call: ([x]) => windows(x, plane) }),
  example(foldWindows, { inputs: [[[1, 2], [3, 4]]], call: ([x]) => foldWindows(x, [3], line(2)), expect: [1, 5, 4] }),
  example(foldWindows, { shapes: [[2, 2, 2, 2, 2]], call: ([x]) => foldWindows(x, [2, 4, 4], plane) }),
];
