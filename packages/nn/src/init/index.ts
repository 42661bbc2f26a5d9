import { constant, normal, ones, uniform, zeros } from "./basic.js";
import { calculateGain } from "./gain.js";
import { orthogonal } from "./orthogonal.js";
import { dirac, eye, sparse } from "./pattern.js";
import { kaimingNormal, kaimingUniform, xavierNormal, xavierUniform } from "./scaled.js";
import { truncNormal } from "./truncated.js";

export type { InitOptions } from "./fill.js";
export type { Nonlinearity } from "./gain.js";
export type { OrthogonalOptions } from "./orthogonal.js";
export type { DiracOptions, SparseOptions } from "./pattern.js";
export type { KaimingOptions, XavierOptions } from "./scaled.js";

/** Ways to fill a parameter, as torch.nn.init. An object and not a namespace, so that bundlers drop it where it is not used. */
export const init = {
  calculateGain, constant, dirac, eye, kaimingNormal, kaimingUniform, normal, ones, orthogonal, sparse, truncNormal, uniform, xavierNormal,
  xavierUniform, zeros,
};
