export { constant, normal, ones, uniform, zeros } from "./basic.js";
export { kaimingNormal, kaimingUniform, xavierNormal, xavierUniform } from "./scaled.js";
export { gainOf } from "./gain.js";
export type { Nonlinearity } from "./gain.js";
export type { KaimingOptions, XavierOptions } from "./scaled.js";
export type { InitOptions } from "./fill.js";
