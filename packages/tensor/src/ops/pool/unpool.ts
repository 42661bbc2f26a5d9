import { ShapeError, checkOptions } from "@dl/registry";
import type { Tensor } from "../../tensor.js";
import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { showShape, sizeOf } from "../../shape.js";
import { extentOf, perDim, spatialShape, windowsOf } from "../conv/geometry.js";
import type { PerDim } from "../conv/geometry.js";
import { scatterAdd } from "../indexing.js";
import { maximum } from "../arithmetic.js";
import type { PoolOptions } from "./geometry.js";

export interface UnpoolOptions extends Pick<PoolOptions, "stride" | "padding"> {
  /** Spatial sizes of the output, where the pooling rounded some away. Default: the smallest that fit. */
  readonly outputSize?: readonly number[];
}

type Unpool = Op<[x: Tensor, indices: Tensor, kernelSize: PerDim, options?: UnpoolOptions]>;

/** Puts every value back to its place; a place that several windows named gets their value once. */
function restored(x: Tensor, indices: Tensor, sizes: readonly number[]): Tensor {
  const lead = x.shape.slice(0, 2);
  const places = sizeOf(x.shape.slice(2));
  const plane = x.makeEmpty([...lead, sizeOf(sizes)], x.dtype);
  const flat = indices.reshape([...lead, places]);
  const values = scatterAdd(plane, 2, flat, x.reshape([...lead, places]));
  const times = scatterAdd(plane, 2, flat, x.makeEmpty([...lead, places], x.dtype).add(1));
  return values.div(maximum(times, 1)).reshape([...lead, ...sizes]);
}

/* @__NO_SIDE_EFFECTS__ */
function defineUnpool(name: string, rank: number): Unpool {
  return defineComposite(name, (x: Tensor, indices: Tensor, kernelSize: PerDim, options: UnpoolOptions = {}): Tensor => {
    checkOptions(name, options, ["stride", "padding", "outputSize"]);
    const { stride = kernelSize, padding = 0, outputSize } = options;
    const { batched, sizes } = spatialShape(name, x.shape, rank);
    if (showShape(indices.shape) !== showShape(x.shape)) {
      throw new ShapeError(name, `indices have shape ${showShape(indices.shape)}, x ${showShape(x.shape)}`, "Give those of the max pool that made x", { shapes: [x.shape, indices.shape] });
    }
    const w = windowsOf(name, perDim(name, "kernelSize", kernelSize, rank, 1), { stride, padding });
    const smallest = sizes.map((size, d) => (size - 1) * w.stride[d] - w.padding[d][0] - w.padding[d][1] + extentOf(w.kernel[d], 1));
    const wanted = outputSize === undefined ? smallest : perDim(name, "outputSize", outputSize, rank, 1);
    if (wanted.some((size, d) => Math.abs(size - smallest[d]) >= w.stride[d])) {
      throw new ShapeError(name, `outputSize ${showShape(wanted)} is not what ${showShape(sizes)} was pooled from`, `Use sizes less than a stride away from ${showShape(smallest)}`, { outputSize: wanted });
    }
    return batched ? restored(x, indices, wanted) : restored(x.unsqueeze(0), indices.unsqueeze(0), wanted).squeeze(0);
  });
}

/**
 * Undoes `maxPool1dWithIndices` as far as that is possible: every maximum stands at its place again, zeros elsewhere.
 * Shapes: x and indices [N, C, L] → [N, C, L′]. (Zeiler & Fergus, 2014)
 */
export const maxUnpool1d: Unpool = defineUnpool("maxUnpool1d", 1);
/** Undoes `maxPool2dWithIndices`; see `maxUnpool1d`. Shapes: x and indices [N, C, H, W] → [N, C, H′, W′]. */
export const maxUnpool2d: Unpool = defineUnpool("maxUnpool2d", 2);
/** Undoes `maxPool3dWithIndices`; see `maxUnpool1d`. Shapes: x and indices [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export const maxUnpool3d: Unpool = defineUnpool("maxUnpool3d", 3);
