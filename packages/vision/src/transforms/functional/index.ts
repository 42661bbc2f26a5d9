// Pure functions on images [C, H, W] and batches [N, C, H, W]: what the transforms of this folder do once their parameters are drawn.
export { adjustBrightness, adjustContrast, adjustSaturation, rgbToGrayscale } from "./colour.js";
export { erase } from "./erase.js";
export { affine, elastic, horizontalFlip, perspective, rotate, verticalFlip } from "./geometry.js";
export type { AffineOptions, RotateOptions } from "./geometry.js";
export { adjustHue } from "./hue.js";
export { normalize } from "./normalize.js";
export type { PerImage } from "./on-image.js";
export { centerCrop, crop, pad, resize, resizedCrop } from "./size.js";
export type { ResizeOptions } from "./size.js";
export type { PaddingOptions } from "../edits/padding.js";
