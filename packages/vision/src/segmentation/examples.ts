import { Conv2d, Flatten, Sequential, type LayerExample } from "@dl/nn";
import { EncoderDecoder } from "./encoder-decoder.js";
import { PatchSegmenter } from "./patch-segmenter.js";
import { UNet } from "./unet.js";

/** Examples of the segmenters, for the suites of `@dl/testing`: small, with options that are not the defaults. Their ReLUs and pools have kinks. */
export const segmentationExamples = (): LayerExample[] => [
  {
    layer: () => new UNet(1, 2, { depth: 2, base: 2, norm: "batch", dropout: 0.25 }),
    shapes: [[2, 1, 7, 5]], outputShape: [2, 2, 7, 5], gradient: false,
  },
  {
    layer: () => new UNet(1, 2, { dims: 3, depth: 1, base: 2, norm: "group", upsampling: "trilinear" }),
    shapes: [[1, 1, 3, 2, 4]], outputShape: [1, 2, 3, 2, 4], gradient: false,
  },
  {
    layer: () => new UNet(2, 3, { depth: 1, base: 2, norm: "instance", upsampling: "bilinear", skips: false }),
    shapes: [[2, 4, 4]], outputShape: [3, 4, 4], gradient: false,
  },
  {
    layer: () => new EncoderDecoder(1, 2, { depth: 2, base: 2, embedding: 3, upsampling: "unpool" }),
    shapes: [[2, 1, 7, 5]], outputShape: [2, 2, 7, 5], gradient: false,
  },
  {
    layer: () => new EncoderDecoder(1, 2, { depth: 1, base: 2, norm: "none", downsampling: "stride", upsampling: "transposed" }),
    shapes: [[1, 1, 3, 4]], outputShape: [1, 2, 3, 4], gradient: false,
  },
  {
    layer: () => new EncoderDecoder(1, 2, { depth: 1, base: 2, norm: "group", upsampling: "nearest" }),
    shapes: [[1, 3, 4]], outputShape: [2, 3, 4], gradient: false,
  },
  {
    layer: () => new PatchSegmenter(new Sequential(new Conv2d(1, 2, 3), new Flatten()), 3, { batchSize: 5, pad: "replicate" }),
    shapes: [[1, 1, 3, 4]], outputShape: [1, 2, 3, 4],
  },
];
