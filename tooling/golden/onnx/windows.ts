import {
  col2im, conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d, gather, isFloat, maxPool1dWithIndices, maxPool2dWithIndices,
  maxPool3dWithIndices, ones, onesLike, pad, scatterAdd, sizeOf,
} from "@dl/tensor";
import type { Pair, Shape, Tensor } from "@dl/tensor";
import type { OnnxNode, Operators } from "./node.js";

/** An operator's window attributes, one entry per spatial dim. */
interface Window {
  readonly kernel: Shape;
  readonly stride: Shape;
  readonly dilation: Shape;
  readonly padding: readonly Pair[];
}

const extent = ({ kernel, dilation }: Window, d: number): number => dilation[d] * (kernel[d] - 1) + 1;

/** What auto_pad adds: the total that gives ⌈size/stride⌉ windows, the odd row after (upper) or before (lower). */
function autoPad(mode: string, sizes: Shape, window: Window): Pair[] {
  return sizes.map((size, d): Pair => {
    const total = Math.max(0, (Math.ceil(size / window.stride[d]) - 1) * window.stride[d] + extent(window, d) - size);
    return mode === "SAME_UPPER" ? [total >> 1, total - (total >> 1)] : [total - (total >> 1), total >> 1];
  });
}

/** ONNX lists all numbers before the dims first, then all numbers after. */
const pairs = (pads: readonly number[]): Pair[] => pads.slice(0, pads.length / 2).map((before, d): Pair => [before, pads[pads.length / 2 + d]]);

export function windowOf(node: OnnxNode, sizes: Shape, kernel: Shape): Window {
  const fill = (value: number): number[] => sizes.map(() => value);
  const plain = { kernel, stride: node.numbers("strides") ?? fill(1), dilation: node.numbers("dilations") ?? fill(1), padding: pairs(node.numbers("pads") ?? fill(0).concat(fill(0))) };
  const mode = node.text("auto_pad", "NOTSET");
  return mode.startsWith("SAME") ? { ...plain, padding: autoPad(mode, sizes, plain) } : plain;
}

const spatial = (x: Tensor): Shape => x.shape.slice(2);

/** The window of a pool; with ceil_mode the padding after grows until a last window, which must begin before the end, fits. */
function poolWindow(node: OnnxNode, x: Tensor): Window {
  const window = windowOf(node, spatial(x), node.numbers("kernel_shape") ?? node.refuse("kernel_shape is missing"));
  if (!node.flag("ceil_mode")) return window;
  const padding = spatial(x).map((size, d): Pair => {
    const [before, after] = window.padding[d];
    const windows = Math.ceil((before + size + after - extent(window, d)) / window.stride[d]) + 1;
    const count = (windows - 1) * window.stride[d] < before + size ? windows : windows - 1;
    return [before, Math.max(after, (count - 1) * window.stride[d] + extent(window, d) - before - size)];
  });
  return { ...window, padding };
}

const convs = [conv1d, conv2d, conv3d];

/** x convolved with w as the node's attributes say. */
export function convolved(node: OnnxNode, x: Tensor, w: Tensor, bias: Tensor | null = null): Tensor {
  const { stride, dilation, padding } = windowOf(node, spatial(x), spatial(w));
  return convs[x.ndim - 3](x, w, { stride, dilation, padding, groups: node.number("group", 1), bias });
}

function convTranspose(node: OnnxNode): Tensor {
  const [x, w, bias] = [node.input(0), node.input(1), node.optional(2)];
  const window = windowOf(node, spatial(x), spatial(w));
  const { stride, dilation } = window;
  const given = node.numbers("output_padding") ?? spatial(x).map(() => 0);
  const mode = node.text("auto_pad", "NOTSET");
  const wanted = node.numbers("output_shape") ?? (mode.startsWith("SAME") ? spatial(x).map((size, d) => size * stride[d]) : undefined);
  const full = spatial(x).map((size, d) => (size - 1) * stride[d] + extent(window, d) + given[d]);
  // A wanted size is reached by cutting rows off, or by rows that no window reaches.
  const excess = wanted?.map((size, d) => full[d] - size);
  const padding = excess === undefined ? window.padding : excess.map((rows): Pair => (mode === "SAME_UPPER" ? [rows >> 1, rows - (rows >> 1)] : [rows - (rows >> 1), rows >> 1]));
  const op = [convTranspose1d, convTranspose2d, convTranspose3d][x.ndim - 3];
  const cut = padding.map(([before, after]): Pair => [Math.max(0, before), Math.max(0, after)]);
  const y = op(x, w, { stride, dilation, padding: cut, groups: node.number("group", 1), bias: null, outputPadding: given });
  const grown = pad(y, padding.toReversed().flatMap(([before, after]) => [Math.max(0, -before), Math.max(0, -after)]));
  return bias === undefined ? grown : grown.add(bias.reshape([-1, ...spatial(x).map(() => 1)]));
}

/** Σ over each window: a depthwise convolution with ones, which knows dilation and padding of any size. */
function windowSums(x: Tensor, { kernel, stride, dilation, padding }: Window): Tensor {
  const weight = ones([x.shape[1], 1, ...kernel]);
  return convs[x.ndim - 3](x, weight, { stride, dilation, padding, groups: x.shape[1] });
}

function averagePool(node: OnnxNode): Tensor {
  const x = node.input();
  const window = poolWindow(node, x);
  const asked = windowOf(node, spatial(x), window.kernel).padding;
  // With count_include_pad the zeros of the padding are elements, but not the rows that ceil_mode adds.
  const include = node.flag("count_include_pad");
  const counted = include ? pad(onesLike(x), asked.toReversed().flat(), { value: 1 }) : onesLike(x);
  const rest = include ? window.padding.map(([, after], d): Pair => [0, after - asked[d][1]]) : window.padding;
  return windowSums(x, window).div(windowSums(counted, { ...window, padding: rest }));
}

function lpPool(node: OnnxNode): Tensor {
  const x = node.input();
  const p = node.number("p", 2);
  return windowSums(x.abs().pow(p), poolWindow(node, x)).pow(1 / p);
}

/** Position of every element of `x` in the flattened whole, or with its spatial dims in reverse order. */
function positions(x: Tensor, columnMajor: boolean): Tensor {
  const size = sizeOf(spatial(x));
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const sizes = spatial(x);
  const plane = x.makeFrom(order, "int32", columnMajor ? sizes.toReversed() : sizes);
  const laid = columnMajor ? plane.permute(sizes.map((_, d) => sizes.length - 1 - d)) : plane;
  const lines = x.makeFrom(Int32Array.from({ length: x.shape[0] * x.shape[1] }, (_, i) => i * size), "int32", [x.shape[0], x.shape[1], ...sizes.map(() => 1)]);
  return lines.add(laid);
}

function maxPool(node: OnnxNode): Tensor[] {
  const x = node.input();
  const { kernel, stride, dilation, padding } = poolWindow(node, x);
  const pool = [maxPool1dWithIndices, maxPool2dWithIndices, maxPool3dWithIndices][x.ndim - 3];
  const edges = padding.toReversed().flat();
  const wide = pad(isFloat(x.dtype) ? x : x.to("float32"), edges, { value: -Infinity });
  const { values, indices } = pool(wide, kernel, { stride, dilation });
  const lead = x.shape.slice(0, 2);
  const places = pad(positions(x, node.flag("storage_order")), edges).reshape([...lead, sizeOf(spatial(wide))]);
  const flat = indices.reshape([...lead, sizeOf(spatial(values))]);
  return [values.to(x.dtype), gather(places, 2, flat).reshape(values.shape)];
}

function maxUnpool(node: OnnxNode): Tensor {
  const [x, indices] = [node.input(0), node.input(1)];
  const { kernel, stride, padding } = windowOf(node, spatial(x), node.numbers("kernel_shape") ?? node.refuse("kernel_shape is missing"));
  const smallest = [...x.shape.slice(0, 2), ...spatial(x).map((size, d) => (size - 1) * stride[d] - padding[d][0] - padding[d][1] + kernel[d])];
  const shape = node.values(2) ?? smallest;
  // Indices count in the tensor that was pooled, which the smallest shape stands for.
  const back = scatterAdd(x.makeEmpty([sizeOf(smallest)], x.dtype), 0, indices.to("int32").flatten(), x.flatten()).reshape(smallest);
  return pad(back, shape.map((size, d) => [0, size - smallest[d]]).toReversed().flat());
}

function columnsToImage(node: OnnxNode): Tensor {
  const [x, sizes, block] = [node.input(0), node.values(1) ?? [], node.values(2) ?? []];
  const { stride, dilation, padding } = windowOf(node, sizes, block);
  if (sizes.length === 2) return col2im(x, sizes, block, { stride, dilation, padding });
  // The same sum in any number of dims: a transposed convolution with one kernel per tap.
  const taps = sizeOf(block);
  const channels = x.shape[1] / taps;
  const out = sizes.map((size, d) => Math.floor((size + padding[d][0] + padding[d][1] - dilation[d] * (block[d] - 1) - 1) / stride[d]) + 1);
  const kernels = x.makeFrom(Float32Array.from({ length: taps * taps }, (_, i) => Number(i % (taps + 1) === 0)), "float32", [taps, 1, ...block]);
  const y = [convTranspose1d, convTranspose2d, convTranspose3d][sizes.length - 1](x.reshape([x.shape[0] * channels, taps, ...out]), kernels, { stride, dilation, padding });
  return y.reshape([x.shape[0], channels, ...sizes]);
}

export const windows: Operators = {
  Conv: (node) => convolved(node, node.input(0), node.input(1), node.optional(2)),
  ConvTranspose: convTranspose,
  AveragePool: averagePool,
  LpPool: lpPool,
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
  Col2Im: columnsToImage,
};
