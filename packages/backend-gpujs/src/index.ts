export { GpuBackend } from "./backend.js";
export type { GpuInfo } from "./backend.js";
export { gpujs } from "./gpujs.js";
export type { GpujsFactory, GpujsOptions } from "./gpujs.js";
export type { GpuMode } from "./modes.js";
export { gpujsBackend } from "./plugin.js";
