export { registerBackwardHook, registerForwardHook, registerForwardPreHook } from "./hooks.js";
export type { BackwardHook, ForwardHook, ForwardPreHook, HookHandle } from "./hooks.js";
export { Layer } from "./layer.js";
export { Module } from "./module.js";
export type { LoadOptions } from "./module.js";
export { buffer, isBuffer, isParameter, parameter } from "./parameter.js";
export type { Buffer, BufferOptions, Parameter } from "./parameter.js";
export type { KeyDifference, StateDict } from "./state-dict.js";
export { isModule } from "./walk.js";
