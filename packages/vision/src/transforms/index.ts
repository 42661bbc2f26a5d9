// Transforms of images: pure functions in `functional`, transforms with random parameters, and both for batches and data sets.
export { ChanceTransform } from "./base/chance.js";
export type { ChanceOptions } from "./base/chance.js";
export type { ImageSample } from "./base/sample.js";
export { Transform } from "./base/transform.js";
export type { BatchTransform, TransformOptions } from "./base/transform.js";
export type { Edit } from "./edits/edit.js";
export { transformExamples } from "./examples.js";
export type { ImagePadding, PaddingOptions } from "./edits/padding.js";
export type { ResizeRules } from "./edits/resizes.js";
export * as functional from "./functional/index.js";
export type { Canvas } from "./geometry/canvas.js";
export type { Sampling } from "./geometry/sampling.js";
export * from "./layers/index.js";
export { CutMix, MixUp } from "./mixing/mixing.js";
export type { MixingOptions } from "./mixing/mixing.js";
export { transformed } from "./transformed.js";
export type { TransformedOptions } from "./transformed.js";
