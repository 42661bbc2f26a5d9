export type { LayerJson } from "./build.js";
export * from "./errors.js";
export { checkOptions, nearMatches, unknownName } from "./names.js";
export { checkChoice, checkNumber, checkPositive, checkWhole } from "./numbers.js";
export { openBackend } from "./open.js";
export { CONTRACT, definePlugin } from "./plugin.js";
export type { BackendOpener, Entries, Kind, LayerClass, Plugin } from "./plugin.js";
export { createRegistry } from "./registry.js";
export type { Maps, Register, RegisteredRegistry, Registry } from "./registry.js";
