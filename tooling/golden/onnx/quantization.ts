import { maximum, minimum, repeatInterleave, round, where } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import { dtypeOf } from "./dtype.js";
import type { OnnxNode, Operators } from "./node.js";
import { convolved } from "./windows.js";

/** Scale or zero point laid against x: one for all, one per slice along `axis`, or one per block of slices. */
function laid(node: OnnxNode, value: Tensor, x: Tensor): Tensor {
  if (value.size === 1) return value.reshape([]);
  const axis = node.number("axis", 1);
  const block = node.number("block_size", 0);
  if (block > 0) return repeatInterleave(value, block, { dim: axis }).slice(axis, 0, x.shape.at(axis));
  const at = axis < 0 ? axis + x.ndim : axis;
  return value.reshape(x.shape.map((_, d) => (d === at ? value.size : 1)));
}

const ranges: Readonly<Partial<Record<DType, readonly [low: number, high: number]>>> = { uint8: [0, 255], int8: [-128, 127] };

/** round(x/scale) + zero, cut to what the dtype holds. */
function quantize(node: OnnxNode): Tensor {
  const [x, scale, zero] = [node.input(0), node.input(1), node.optional(2)];
  const dtype = zero?.dtype ?? dtypeOf(node, "output_dtype", "uint8");
  const [low, high] = ranges[dtype] ?? node.refuse(`it quantises to ${dtype}`);
  const steps = round(x.div(laid(node, scale, x)));
  return (zero === undefined ? steps : steps.add(laid(node, zero, x))).clamp(low, high).to(dtype);
}

/** (x − zero)·scale. */
function dequantize(node: OnnxNode): Tensor {
  const [x, scale, zero] = [node.input(0), node.input(1), node.optional(2)];
  const steps = x.to("int32");
  const centred = zero === undefined ? steps : steps.sub(laid(node, zero, x));
  return centred.to(scale.dtype).mul(laid(node, scale, x)).to(dtypeOf(node, "output_dtype", scale.dtype));
}

/** To bytes, by a scale that x and 0 just fit into. */
function dynamicQuantize(node: OnnxNode): Tensor[] {
  const x = node.input();
  const [low, high] = [minimum(x.min(), 0), maximum(x.max(), 0)];
  const scale = where(high.eq(low), 1, high.sub(low)).div(255);
  const zero = round(low.neg().div(scale).clamp(0, 255));
  return [round(x.div(scale)).add(zero).clamp(0, 255).to("uint8"), scale, zero.to("uint8")];
}

/** x − zero in int32; the zero points of `shape`, where there are any. */
const centred = (x: Tensor, zero: Tensor | undefined, shape: readonly number[]): Tensor => {
  const whole = x.to("int32");
  return zero === undefined ? whole : whole.sub(zero.size === 1 ? zero.reshape([]) : zero.reshape(shape));
};

/** Zero points stand one per row of a and one per column of b. */
function matMulInteger(node: OnnxNode): Tensor {
  const [a, b, zeroA, zeroB] = [node.input(0), node.input(1), node.optional(2), node.optional(3)];
  return centred(a, zeroA, zeroA?.ndim === 1 ? [-1, 1] : (zeroA?.shape ?? [])).matmul(centred(b, zeroB, zeroB?.shape ?? []));
}

/** Convolutions are of floats here; float64 holds all sums of products of bytes. */
function convInteger(node: OnnxNode): Tensor {
  const [x, w] = [centred(node.input(0), node.optional(2), []), centred(node.input(1), node.optional(3), [-1, ...node.input(1).shape.slice(1).map(() => 1)])];
  return convolved(node, x.to("float64"), w.to("float64")).to("int32");
}

export const quantization: Operators = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  MatMulInteger: matMulInteger,
  ConvInteger: convInteger,
};
