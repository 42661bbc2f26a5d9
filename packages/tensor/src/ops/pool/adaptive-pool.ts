import type { Tensor } from "../../tensor.js";
import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { contiguousStrides, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import { perDim, spatialShape } from "../conv/geometry.js";
import type { PerDim } from "../conv/geometry.js";
import { gather, indexSelect } from "../indexing.js";
import { argmax } from "../reduction.js";
import { batchwise } from "./geometry.js";
import type { WithIndices } from "./max-pool.js";

/** Output i of `out` covers [⌊i·size/out⌋, ⌈(i + 1)·size/out⌉). */
const spans = (size: number, out: number): [from: number, to: number][] =>
  Array.from({ length: out }, (_, i) => [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)]);

/** The mean over the spans of one dim: a reshape where they are equal, a product with a matrix of weights otherwise. */
function averageAlong(x: Tensor, dim: number, out: number): Tensor {
  const size = x.shape[dim];
  if (size === out) return x;
  if (size % out === 0) return x.reshape([...x.shape.slice(0, dim), out, size / out, ...x.shape.slice(dim + 1)]).mean(dim + 1);
  const weights = new Float64Array(size * out);
  spans(size, out).forEach(([from, to], i) => { for (let k = from; k < to; k++) weights[k * out + i] = 1 / (to - from); });
  return x.transpose(dim, -1).matmul(x.makeFrom(weights, x.dtype, [size, out])).transpose(dim, -1);
}

type AdaptivePool = Op<[x: Tensor, outputSize: PerDim]>;

/* @__NO_SIDE_EFFECTS__ */
function defineAdaptiveAverage(name: string, rank: number): AdaptivePool {
  return defineComposite(name, (x: Tensor, outputSize: PerDim): Tensor => {
    spatialShape(name, x.shape, rank);
    const out = perDim(name, "outputSize", outputSize, rank, 1);
    return out.reduce((y, size, d) => averageAlong(y, x.ndim - rank + d, size), x);
  });
}

/** Flat positions of every element of every span, [P·K]; short spans repeat their last element, which a maximum does not notice. */
function spanPositions(sizes: Shape, out: Shape): { readonly positions: Int32Array; readonly taps: number } {
  const steps = contiguousStrides(sizes);
  const all = sizes.map((size, d) => spans(size, out[d]));
  const longest = all.map((own) => Math.max(...own.map(([from, to]) => to - from)));
  const [outer, inner] = [contiguousStrides(out), contiguousStrides(longest)];
  const taps = sizeOf(longest);
  const positions = Int32Array.from({ length: sizeOf(out) * taps }, (_, n) =>
    sizes.reduce((at, _size, d) => {
      const [from, to] = all[d][Math.floor(Math.floor(n / taps) / outer[d]) % out[d]];
      return at + Math.min(from + (Math.floor((n % taps) / inner[d]) % longest[d]), to - 1) * steps[d];
    }, 0),
  );
  return { positions, taps };
}

function adaptiveMax(x: Tensor, out: Shape): WithIndices {
  const lead = x.shape.slice(0, 2);
  const sizes = x.shape.slice(2);
  const places = sizeOf(out);
  const { positions, taps } = spanPositions(sizes, out);
  const table = x.makeFrom(positions, "int32", [places * taps]);
  const plane = x.reshape([...lead, sizeOf(sizes)]);
  const which = argmax(indexSelect(plane.detach(), 2, table).reshape([...lead, places, taps]), -1);
  const begin = x.makeFrom(Int32Array.from({ length: places }, (_, i) => i * taps), "int32", [places]);
  const indices = indexSelect(table, 0, which.add(begin).flatten()).reshape([...lead, places]);
  return { values: gather(plane, 2, indices).reshape([...lead, ...out]), indices: indices.reshape([...lead, ...out]) };
}

/* @__NO_SIDE_EFFECTS__ */
function defineAdaptiveMax(name: string, rank: number): AdaptivePool {
  return defineComposite(name, (x: Tensor, outputSize: PerDim): Tensor => {
    const { batched } = spatialShape(name, x.shape, rank);
    const out = perDim(name, "outputSize", outputSize, rank, 1);
    return batchwise(x, batched, (batch) => adaptiveMax(batch, out).values);
  });
}

/* @__NO_SIDE_EFFECTS__ */
function defineAdaptiveMaxWithIndices(name: string, rank: number): (x: Tensor, outputSize: PerDim) => WithIndices {
  return (x, outputSize) => {
    const { batched } = spatialShape(name, x.shape, rank);
    const { values, indices } = adaptiveMax(batched ? x : x.unsqueeze(0), perDim(name, "outputSize", outputSize, rank, 1));
    return batched ? { values, indices } : { values: values.squeeze(0), indices: indices.squeeze(0) };
  };
}

/**
 * Means over as many spans as wanted, each from ⌊i·size/out⌋ to ⌈(i + 1)·size/out⌉, whatever the input's size.
 * Shapes: [N, C, L] or [C, L] → [N, C, outputSize] or [C, outputSize].
 */
export const adaptiveAvgPool1d: AdaptivePool = defineAdaptiveAverage("adaptiveAvgPool1d", 1);
/** Means over a grid of `outputSize`; 1 is global average pooling. Shapes: [N, C, H, W] → [N, C, ...outputSize]. (Lin et al., 2013) */
export const adaptiveAvgPool2d: AdaptivePool = defineAdaptiveAverage("adaptiveAvgPool2d", 2);
/** Means over a grid of `outputSize`. Shapes: [N, C, D, H, W] → [N, C, ...outputSize]. */
export const adaptiveAvgPool3d: AdaptivePool = defineAdaptiveAverage("adaptiveAvgPool3d", 3);

/** Largest values over as many spans as wanted; see `adaptiveAvgPool1d`. Shapes: [N, C, L] → [N, C, outputSize]. */
export const adaptiveMaxPool1d: AdaptivePool = defineAdaptiveMax("adaptiveMaxPool1d", 1);
/** Largest values over a grid of `outputSize`. Shapes: [N, C, H, W] → [N, C, ...outputSize]. */
export const adaptiveMaxPool2d: AdaptivePool = defineAdaptiveMax("adaptiveMaxPool2d", 2);
/** Largest values over a grid of `outputSize`. Shapes: [N, C, D, H, W] → [N, C, ...outputSize]. */
export const adaptiveMaxPool3d: AdaptivePool = defineAdaptiveMax("adaptiveMaxPool3d", 3);

/** `adaptiveMaxPool1d`, and where each value came from. */
export const adaptiveMaxPool1dWithIndices = /* @__PURE__ */ defineAdaptiveMaxWithIndices("adaptiveMaxPool1dWithIndices", 1);
/** `adaptiveMaxPool2d`, and where each value came from. */
export const adaptiveMaxPool2dWithIndices = /* @__PURE__ */ defineAdaptiveMaxWithIndices("adaptiveMaxPool2dWithIndices", 2);
/** `adaptiveMaxPool3d`, and where each value came from. */
export const adaptiveMaxPool3dWithIndices = /* @__PURE__ */ defineAdaptiveMaxWithIndices("adaptiveMaxPool3dWithIndices", 3);
