// Convolution is bilinear: its two gradients and it are three maps, each of which has the other two as its own gradients.
// So three ops that name each other in their backward give derivatives of every order, in any combination of options.
import type { Backend, Convolution, View } from "../../backend/contract.js";
import { input } from "../../expr/expr.js";
import { Program } from "../../expr/program.js";
import { defineOp } from "../../op/define.js";
import { contiguousStrides, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { contiguousView, reshaped } from "../../view.js";
import { productType } from "../matmul.js";
import { addWindows, reshapedView, windowView } from "./windows.js";

/** Columns hold at most this many elements at a time (16 MB of float32): as many samples are taken together as fit. */
const panel = 4_194_304;

/** Temporary memory of one kernel call. */
class Workspace {
  private readonly used: View[] = [];

  constructor(readonly backend: Backend) {}

  alloc(like: View, shape: Shape): View {
    return this.keep(contiguousView(this.backend.alloc(like.dtype, sizeOf(shape)), like.dtype, shape));
  }

  readonly keep = (view: View): View => {
    this.used.push(view);
    return view;
  };

  /** `view` under another shape; copied where strides leave no other way. */
  reshape(view: View, shape: Shape): View {
    return reshapedView(this.backend, view, shape, this.keep);
  }

  release(): void {
    for (const { buffer } of this.used) this.backend.free(buffer);
  }
}

const take = (view: View, from: number, count: number): View =>
  reshaped(view, view.shape.with(0, count), view.strides, view.offset + from * view.strides[0]);

const permuted = (view: View, dims: readonly number[]): View =>
  reshaped(view, dims.map((d) => view.shape[d]), dims.map((d) => view.strides[d]));

/** x with `groups` split off its channels: [N, C, ..] → [N, G, C/G, ..]. */
const grouped = (x: View, groups: number): View => {
  const [n, c, ...rest] = x.shape;
  const [batch, channel, ...inner] = x.strides;
  return reshaped(x, [n, groups, c / groups, ...rest], [batch, (c / groups) * channel, channel, ...inner]);
};

const paddedSizes = (sizes: Shape, { padding }: Convolution): number[] => sizes.map((size, d) => padding[d][0] + size + padding[d][1]);

/** The part of a padded view that is not padding. */
function interior(padded: View, sizes: Shape, { padding }: Convolution): View {
  const lead = padded.shape.length - sizes.length;
  const offset = padding.reduce((at, [before], d) => at + before * padded.strides[lead + d], padded.offset);
  return reshaped(padded, [...padded.shape.slice(0, lead), ...sizes], padded.strides, offset);
}

function padded(space: Workspace, x: View, geometry: Convolution): View {
  if (geometry.padding.every(([before, after]) => before + after === 0)) return x;
  const sizes = x.shape.slice(2);
  const wide = space.alloc(x, [x.shape[0], x.shape[1], ...paddedSizes(sizes, geometry)]);
  space.backend.copy(x, interior(wide, sizes, geometry));
  return wide;
}

/** Calls `body` for as many samples at a time as the panel holds. `perSample` is the length of a sample's columns. */
function inPanels(backend: Backend, samples: number, perSample: number, body: (space: Workspace, from: number, count: number) => void): void {
  const most = Math.max(1, Math.floor(panel / Math.max(1, perSample)));
  for (let from = 0; from < samples; from += most) {
    const space = new Workspace(backend);
    body(space, from, Math.min(most, samples - from));
    space.release();
  }
}

interface Sizes {
  readonly groups: number;
  /** Output channels of a group. */
  readonly outputs: number;
  /** Elements that one output element reads. */
  readonly taps: number;
  /** Output elements of a channel. */
  readonly places: number;
}

function sizesOf(w: View, out: Shape, { groups }: Convolution): Sizes {
  return { groups, outputs: w.shape[0] / groups, taps: sizeOf(w.shape.slice(1)), places: sizeOf(out) };
}

/** The kernels of a group as rows: [1, G, O/G, taps], to be stretched over the samples. */
const kernelRows = (space: Workspace, w: View, { groups, outputs, taps }: Sizes): View => space.reshape(w, [1, groups, outputs, taps]);

const stretched = (view: View, samples: number): View => reshaped(view, view.shape.with(0, samples), view.strides.with(0, 0));

/** out[n, o] = Σ over c and taps of x's windows · w. */
function forward(backend: Backend, x: View, w: View, out: View, geometry: Convolution): void {
  const spatial = out.shape.slice(2);
  const sizes = sizesOf(w, spatial, geometry);
  const { groups, outputs, taps, places } = sizes;
  const rank = spatial.length;
  // [n, G, C/G, ...out, ...kernel] → [n, G, C/G, ...kernel, ...out]
  const order = [0, 1, 2, ...geometry.kernel.map((_, d) => 3 + rank + d), ...spatial.map((_, d) => 3 + d)];
  inPanels(backend, x.shape[0], groups * taps * places, (space, from, count) => {
    const seen = windowView(grouped(padded(space, take(x, from, count), geometry), groups), spatial, geometry);
    const columns = space.reshape(permuted(seen, order), [count, groups, taps, places]);
    const target = reshaped(out, [count, groups, outputs, places], contiguousStrides([count, groups, outputs, places]), out.offset + from * out.strides[0]);
    backend.matmul(stretched(kernelRows(space, w, sizes), count), columns, target);
  });
}

/** out[n, c] = the sum of w over every window that saw the element, weighted by y. */
function backwardInput(backend: Backend, y: View, w: View, out: View, geometry: Convolution): void {
  const spatial = y.shape.slice(2);
  const sizes = sizesOf(w, spatial, geometry);
  const { groups, outputs, taps, places } = sizes;
  const [, channels, ...inner] = out.shape;
  inPanels(backend, y.shape[0], groups * taps * places, (space, from, count) => {
    const rows = space.reshape(take(y, from, count), [count, groups, outputs, places]);
    const columns = space.alloc(y, [count, groups, taps, places]);
    backend.matmul(permuted(stretched(kernelRows(space, w, sizes), count), [0, 1, 3, 2]), rows, columns);
    const rank = spatial.length;
    const shape = [count * channels, ...geometry.kernel, ...spatial];
    const order = [0, ...spatial.map((_, d) => 1 + rank + d), ...geometry.kernel.map((_, d) => 1 + d)];
    const wide = space.alloc(out, [count * channels, ...paddedSizes(inner, geometry)]);
    addWindows(backend, permuted(reshaped(columns, shape, contiguousStrides(shape)), order), wide, geometry);
    const target = take(out, from, count);
    backend.copy(interior(wide, inner, geometry), reshaped(target, [count * channels, ...inner], target.strides.slice(1)));
  });
}

let made: Program | undefined;
const addition = (): Program => (made ??= new Program([input(0).add(input(1))], 2, 0));

/** out[o, c, tap] = Σ over samples and places of y[o] · x's windows. */
function backwardWeight(backend: Backend, x: View, y: View, out: View, geometry: Convolution): void {
  const spatial = y.shape.slice(2);
  const sizes = sizesOf(out, spatial, geometry);
  const { groups, outputs, taps, places } = sizes;
  const rank = spatial.length;
  // [n, G, C/G, ...out, ...kernel] → [G, C/G, ...kernel, n, ...out]
  const order = [1, 2, ...geometry.kernel.map((_, d) => 3 + rank + d), 0, ...spatial.map((_, d) => 3 + d)];
  const target = reshaped(out, [groups, outputs, taps], contiguousStrides([groups, outputs, taps]));
  inPanels(backend, x.shape[0], groups * taps * places, (space, from, count) => {
    const seen = windowView(grouped(padded(space, take(x, from, count), geometry), groups), spatial, geometry);
    const columns = space.reshape(permuted(seen, order), [groups, taps, count * places]);
    const rows = space.reshape(permuted(grouped(take(y, from, count), groups), [1, 2, 0, ...spatial.map((_, d) => 3 + d)]), [groups, outputs, count * places]);
    const product = from === 0 ? target : space.alloc(out, target.shape);
    backend.matmul(rows, permuted(columns, [0, 2, 1]), product);
    if (product === target) return;
    const before = space.alloc(out, target.shape);
    backend.copy(target, before);
    backend.map(addition(), [before, product], [target], []);
  });
}

/** Two operations per tap of every output element. */
const flopsPer = (outputs: number, w: Tensor): number => 2 * outputs * sizeOf(w.shape.slice(1));

/** Cross-correlation without any checks. Shapes: x [N, C, ...S], w [O, C/G, ...K] → [N, O, ...out]. */
export const convolve = defineOp({
  name: "convolve",
  parse: (x: Tensor, w: Tensor, geometry: Convolution) => [[x, w], geometry],
  shape: ([x, w], { out }) => [x.shape[0], w.shape[0], ...out],
  dtype: ([{ dtype }]) => productType(dtype),
  flops: ([, w], out) => flopsPer(out.size, w),
  forward: (backend, [x, w], out, geometry) => {
    if (sizeOf(out.shape) === 0) return;
    if (backend.convolve === undefined || sizeOf(x.shape) === 0) forward(backend, x, w, out, geometry);
    else backend.convolve(x, w, out, geometry);
  },
  backward: ({ grad, inputs: [x, w], needs, options }): (Tensor | null)[] => [
    needs[0] ? convolveInput(grad, w, x.shape.slice(2), options) : null,
    needs[1] ? convolveWeight(x, grad, options) : null,
  ],
});

/** The gradient of `convolve` for its input, and the transposed convolution. Shapes: y [N, O, ...out], w [O, C/G, ...K] → [N, C, ...sizes]. */
export const convolveInput = defineOp({
  name: "convolveInput",
  parse: (y: Tensor, w: Tensor, sizes: Shape, geometry: Convolution) => [[y, w], { ...geometry, sizes }],
  shape: ([y, w], { sizes, groups }) => [y.shape[0], w.shape[1] * groups, ...sizes],
  flops: ([y, w]) => flopsPer(y.size, w),
  forward: (backend, [y, w], out, geometry) => {
    if (sizeOf(y.shape) * sizeOf(out.shape) === 0) return;
    if (backend.convolveInput === undefined) backwardInput(backend, y, w, out, geometry);
    else backend.convolveInput(y, w, out, geometry);
  },
  backward: ({ grad, inputs: [y, w], needs, options }): (Tensor | null)[] => [
    needs[0] ? convolve(grad, w, options) : null,
    needs[1] ? convolveWeight(grad, y, options) : null,
  ],
});

/** The gradient of `convolve` for its kernels. Shapes: x [N, C, ...S], y [N, O, ...out] → [O, C/G, ...K]. */
export const convolveWeight = defineOp({
  name: "convolveWeight",
  parse: (x: Tensor, y: Tensor, geometry: Convolution) => [[x, y], geometry],
  shape: ([x, y], { kernel, groups }) => [y.shape[1], x.shape[1] / groups, ...kernel],
  flops: ([x, y], _, { kernel, groups }) => 2 * y.size * (x.shape[1] / groups) * sizeOf(kernel),
  forward: (backend, [x, y], out, geometry) => {
    if (sizeOf(y.shape) * sizeOf(out.shape) === 0) return;
    if (backend.convolveWeight === undefined) backwardWeight(backend, x, y, out, geometry);
    else backend.convolveWeight(x, y, out, geometry);
  },
  backward: ({ grad, inputs: [x, y], needs, options }): (Tensor | null)[] => [
    needs[0] ? convolveInput(y, grad, x.shape.slice(2), options) : null,
    needs[1] ? convolve(x, grad, options) : null,
  ],
});
