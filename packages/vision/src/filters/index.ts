export { laplacian, prewitt, slopeKernel, sobel } from "./edges.js";
export type { EdgeOptions, LaplacianOptions, SlopeName } from "./edges.js";
export { filter2d } from "./filter2d.js";
export type { Filter2dOptions } from "./filter2d.js";
export { gaussianBlur, gaussianKernel, gaussianSteps } from "./gaussian.js";
export type { GaussianBlurOptions, GaussianSteps } from "./gaussian.js";
export { medianBlur, unsharp } from "./sharpening.js";
export type { MedianBlurOptions, UnsharpOptions } from "./sharpening.js";
