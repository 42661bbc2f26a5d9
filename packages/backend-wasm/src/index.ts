export { WasmBackend } from "./backend.js";
export type { WasmInfo } from "./backend.js";
export { wasm } from "./wasm.js";
export type { WasmFactory, WasmOptions } from "./wasm.js";
export { wasmBackend } from "./plugin.js";
