import type { LayerExample } from "../../module/layer-example.js";
import { ChannelShuffle, PixelShuffle, PixelUnshuffle } from "./shuffle.js";
import { Upsample, UpsamplingBilinear2d, UpsamplingNearest2d } from "./upsample.js";

export const resampleExamples = (): LayerExample[] => [
  { layer: () => new Upsample({ scaleFactor: 1.5, mode: "linear" }), shapes: [[1, 2, 4]], outputShape: [1, 2, 6] },
  { layer: () => new Upsample({ size: [3, 5], mode: "bicubic", alignCorners: true }), shapes: [[1, 2, 2, 3]], outputShape: [1, 2, 3, 5] },
  { layer: () => new UpsamplingNearest2d({ scaleFactor: 2 }), shapes: [[1, 2, 2, 3]], outputShape: [1, 2, 4, 6] },
  { layer: () => new UpsamplingBilinear2d({ size: [3, 4] }), shapes: [[1, 2, 2, 3]], outputShape: [1, 2, 3, 4] },
  { layer: () => new PixelShuffle(2), shapes: [[2, 4, 1, 3]], outputShape: [2, 1, 2, 6] },
  { layer: () => new PixelUnshuffle(2), shapes: [[2, 1, 4, 2]], outputShape: [2, 4, 2, 1] },
  { layer: () => new ChannelShuffle(2), shapes: [[2, 4, 3]], outputShape: [2, 4, 3] },
];
