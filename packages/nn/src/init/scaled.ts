import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { checkInit, fans, fillNormal, fillUniform } from "./fill.js";
import type { InitOptions } from "./fill.js";
import { calculateGain } from "./gain.js";
import type { Nonlinearity } from "./gain.js";

export interface XavierOptions extends InitOptions {
  /** Factor on the standard deviation. Default 1; see `calculateGain`. */
  readonly gain?: number;
}

export interface KaimingOptions extends InitOptions {
  /** Slope of the leakyRelu that follows. Default 0. */
  readonly a?: number;
  /** Keep the variance of activations (`"fanIn"`, default) or of gradients (`"fanOut"`). */
  readonly mode?: "fanIn" | "fanOut";
  /** What follows the layer. Default `"leakyRelu"`. */
  readonly nonlinearity?: Nonlinearity;
}

function xavierStd(where: string, target: Tensor, options: XavierOptions): number {
  checkInit(where, options, ["gain"]);
  const { fanIn, fanOut } = fans(where, target.shape);
  return (options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut));
}

function kaimingStd(where: string, target: Tensor, options: KaimingOptions): number {
  checkInit(where, options, ["a", "mode", "nonlinearity"]);
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  const fan = fans(where, target.shape);
  if (!Object.hasOwn(fan, mode)) throw new ValueError(where, `mode is "${mode}"`, 'Use "fanIn" or "fanOut"', { mode });
  return calculateGain(nonlinearity, a) / Math.sqrt(fan[mode]);
}

/** U(−a, a) with a = gain·√(6/(fanIn + fanOut)). (Glorot & Bengio, 2010) */
export function xavierUniform<T extends Tensor>(target: T, options: XavierOptions = {}): T {
  const bound = Math.sqrt(3) * xavierStd("init.xavierUniform", target, options);
  return fillUniform("init.xavierUniform", target, -bound, bound, options);
}

/** N(0, std²) with std = gain·√(2/(fanIn + fanOut)). (Glorot & Bengio, 2010) */
export function xavierNormal<T extends Tensor>(target: T, options: XavierOptions = {}): T {
  return fillNormal("init.xavierNormal", target, 0, xavierStd("init.xavierNormal", target, options), options);
}

/** U(−b, b) with b = gain·√(3/fan). (He et al., 2015) */
export function kaimingUniform<T extends Tensor>(target: T, options: KaimingOptions = {}): T {
  const bound = Math.sqrt(3) * kaimingStd("init.kaimingUniform", target, options);
  return fillUniform("init.kaimingUniform", target, -bound, bound, options);
}

/** N(0, std²) with std = gain/√fan. (He et al., 2015) */
export function kaimingNormal<T extends Tensor>(target: T, options: KaimingOptions = {}): T {
  return fillNormal("init.kaimingNormal", target, 0, kaimingStd("init.kaimingNormal", target, options), options);
}
