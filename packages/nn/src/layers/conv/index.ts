export { Conv1d, Conv2d, Conv3d } from "./conv.js";
export type { ConvLayerOptions } from "./conv.js";
export { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
export type { ConvTransposeLayerOptions } from "./conv-transpose.js";
export { Fold, Unfold } from "./patches.js";
