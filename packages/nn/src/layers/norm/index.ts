export { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch-norm.js";
export type { TrackedNormOptions } from "./batch-norm.js";
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance-norm.js";
export { GroupNorm, LayerNorm, LocalResponseNorm, RMSNorm } from "./layer-norm.js";
export type { GroupNormOptions, LayerNormOptions, RMSNormOptions } from "./layer-norm.js";
