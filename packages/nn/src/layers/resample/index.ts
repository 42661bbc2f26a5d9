export { ChannelShuffle, PixelShuffle, PixelUnshuffle } from "./shuffle.js";
export { Upsample, UpsamplingBilinear2d, UpsamplingNearest2d } from "./upsample.js";
export type { Upsample2dOptions, UpsampleOptions } from "./upsample.js";
