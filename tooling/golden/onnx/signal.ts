import { blackmanWindow, fft, hammingWindow, hannWindow, ifft, irfft, pad, rfft, stft, tensor } from "@dl/tensor";
import type { Tensor, WindowFunctionOptions } from "@dl/tensor";
import { fromFront } from "./dims.js";
import type { OnnxNode, Operator, Operators } from "./node.js";

/** The one value of input `i`, read at once. */
const scalarInput = (node: OnnxNode, i: number): number => node.values(i)?.[0] ?? node.refuse(`input ${i} is missing`);

/** ONNX marks real numbers by a last dim of 1; as complex ones they get an imaginary part of 0. */
const complexOf = (x: Tensor): Tensor => (x.shape.at(-1) === 1 ? pad(x, [0, 1]) : x);

/** The axis counts with the last dim; before opset 20 it was an attribute. */
function dft(node: OnnxNode): Tensor {
  const x = node.input();
  const axis = node.opset < 20 ? node.number("axis", 1) : (node.values(2)?.[0] ?? -2);
  const length = node.values(1)?.[0];
  const options = { dim: fromFront(axis, x.ndim), ...(length !== undefined && { n: length }) };
  const isReal = x.shape.at(-1) === 1;
  const [inverse, onesided] = [node.flag("inverse"), node.flag("onesided")];
  if (onesided && inverse) return irfft(x, options).unsqueeze(-1);
  if (onesided && !isReal) return node.refuse("onesided is set for a complex signal");
  if (onesided) return rfft(x.squeeze(-1), options);
  return (inverse ? ifft : fft)(complexOf(x), options);
}

/** Frames lie in the second dim here, frequencies in ours. */
function shortTime(node: OnnxNode): Tensor {
  const signal = node.input();
  if (signal.ndim === 3 && signal.shape[2] !== 1) return node.refuse("the signal is complex");
  const window = node.optional(2);
  const length = node.values(3)?.[0] ?? window?.size ?? node.refuse("neither window nor frame_length is given");
  const samples = signal.ndim === 3 ? signal.squeeze(-1) : signal;
  return stft(samples, length, { hopLength: scalarInput(node, 1), onesided: node.flag("onesided", true), center: false, ...(window && { window }) }).transpose(1, 2);
}

const windowBy = (f: (length: number, options: WindowFunctionOptions) => Tensor): Operator => (node) => {
  // 1 is float32, 11 float64 among ONNX' data types.
  const type = node.number("output_datatype", 1);
  if (type !== 1 && type !== 11) return node.refuse(`output_datatype is ${type}`);
  return f(scalarInput(node, 0), { periodic: node.flag("periodic", true), dtype: type === 1 ? "float32" : "float64" });
};

/** Triangles between whole bins, as TensorFlow's; ours stand at the exact frequencies. */
function melWeights(node: OnnxNode): Tensor {
  const [bands, length, rate, low, high] = [0, 1, 2, 3, 4].map((i) => scalarInput(node, i));
  const toMel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const step = (toMel(high) - toMel(low)) / (bands + 2);
  const edges = Array.from({ length: bands + 2 }, (_, i) => Math.floor(((length + 1) * 700 * (10 ** ((toMel(low) + i * step) / 2595) - 1)) / rate));
  const weight = (bin: number, m: number): number => {
    const [left, middle, right] = [edges[m], edges[m + 1], edges[m + 2]];
    if (bin === middle) return 1;
    return Math.max(0, bin < middle ? (bin - left) / (middle - left) : (right - bin) / (right - middle));
  };
  return tensor(Array.from({ length: Math.floor(length / 2) + 1 }, (_, bin) => Array.from({ length: bands }, (__, m) => weight(bin, m))));
}

export const signal: Operators = {
  DFT: dft,
  STFT: shortTime,
  HannWindow: windowBy(hannWindow),
  HammingWindow: windowBy((length, options) => hammingWindow(length, { ...options, alpha: 25 / 46, beta: 21 / 46 })),
  BlackmanWindow: windowBy(blackmanWindow),
  MelWeightMatrix: melWeights,
};
