import { constant, normal, ones, uniform, zeros } from "./basic.js";
import { gainOf } from "./gain.js";
import { kaimingNormal, kaimingUniform, xavierNormal, xavierUniform } from "./scaled.js";

export type { InitOptions } from "./fill.js";
export type { Nonlinearity } from "./gain.js";
export type { KaimingOptions, XavierOptions } from "./scaled.js";

/** Ways to fill a parameter, as torch.nn.init. An object and not a namespace, so that bundlers drop it where it is not used. */
export const init = { constant, gainOf, kaimingNormal, kaimingUniform, normal, ones, uniform, xavierNormal, xavierUniform, zeros };
