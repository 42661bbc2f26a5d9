import { arange, avgPool2d, gridSample, indexSelect, logicalAnd, stack, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { OnnxNode, Operators } from "./node.js";
import { windowOf } from "./windows.js";

/** Positions in pixels as gridSample counts them, −1 and 1 at the outer edges. */
const normalised = (pixels: Tensor, size: number): Tensor => pixels.mul(2).add(1).div(size).sub(1);

/**
 * A convolution whose taps are moved by offsets [N, groups·taps·2, H′, W′], in y and x, each group of channels by its own, and weighted by
 * a mask [N, groups·taps, H′, W′]. (Dai et al., 2017; Zhu et al., 2019)
 */
function deformConv(node: OnnxNode): Tensor {
  const [x, w, offset, bias, mask] = [node.input(0), node.input(1), node.input(2), node.optional(3), node.optional(4)];
  if (x.ndim !== 4) node.refuse(`x has ${x.ndim} dims, not 4`);
  const [n, height, width] = [x.shape[0], x.shape[2], x.shape[3]];
  const { kernel: [kh, kw], stride, dilation, padding } = windowOf(node, [height, width], w.shape.slice(2));
  const [oh, ow] = offset.shape.slice(2);
  const [groups, parts] = [node.number("group", 1), n * node.number("offset_group", 1)];
  const moved = offset.reshape([parts, kh, kw, 2, oh, ow]);
  const places = (d: number, count: number): Tensor => arange(count).mul(stride[d]).sub(padding[d][0]);
  const y = arange(kh).mul(dilation[0]).reshape([kh, 1, 1, 1]).add(places(0, oh).unsqueeze(1)).add(moved.select(3, 0));
  const across = arange(kw).mul(dilation[1]).reshape([kw, 1, 1]).add(places(1, ow)).add(moved.select(3, 1));
  const grid = stack([normalised(across, width), normalised(y, height)], -1).reshape([parts, kh * kw * oh, ow, 2]);
  const taken = gridSample(x.reshape([parts, -1, height, width]), grid);
  const weighted = mask === undefined ? taken : taken.mul(mask.reshape([parts, 1, kh * kw * oh, ow]));
  const columns = weighted.reshape([n, groups, -1, oh * ow]);
  const product = w.reshape([groups, w.shape[0] / groups, -1]).matmul(columns).reshape([n, w.shape[0], oh, ow]);
  return bias === undefined ? product : product.add(bias.reshape([-1, 1, 1]));
}

/**
 * Bins of every region [x, y of one corner, x, y of the other] of an image: the means of `sampling_ratio` bilinear samples per dim.
 * (He et al., 2017)
 */
function roiAlign(node: OnnxNode): Tensor {
  const [x, rois, batch] = [node.input(0), node.input(1), node.input(2)];
  if (node.text("mode", "avg") !== "avg") node.refuse('mode is "max": it takes the largest weighted pixel, not the largest sample');
  const ratio = node.number("sampling_ratio", 0);
  if (ratio <= 0) node.refuse("sampling_ratio is 0: each region would have its own number of samples");
  const isHalfPixel = node.opset >= 16 && node.text("coordinate_transformation_mode", "half_pixel") === "half_pixel";
  const corners = rois.mul(node.number("spatial_scale", 1)).sub(isHalfPixel ? 0.5 : 0);
  const samples = (d: number, bins: number): Tensor => {
    const [start, end] = [corners.select(1, d).unsqueeze(1), corners.select(1, d + 2).unsqueeze(1)];
    const length = isHalfPixel ? end.sub(start) : end.sub(start).clamp(1, Infinity);
    return arange(bins * ratio).add(0.5).div(bins * ratio).mul(length).add(start);
  };
  const [height, width] = x.shape.slice(2);
  const [across, down] = [samples(0, node.number("output_width", 1)).unsqueeze(1), samples(1, node.number("output_height", 1)).unsqueeze(2)];
  const inside = (at: Tensor, size: number): Tensor => logicalAnd(at.ge(-1), at.le(size));
  const shape = [rois.shape[0], down.shape[1], across.shape[2]];
  const grid = stack([normalised(across, width).expand(shape), normalised(down, height).expand(shape)], -1);
  const taken = gridSample(indexSelect(x, 0, batch), grid, { paddingMode: "border" });
  // Nothing lies further out than one pixel; up to there the border goes on.
  const kept = where(logicalAnd(inside(across, width), inside(down, height)).unsqueeze(1), taken, 0);
  return avgPool2d(kept, ratio);
}

export const regions: Operators = {
  DeformConv: deformConv,
  RoiAlign: roiAlign,
};
