import type { Tensor } from "@dl/tensor";
import { checkInit, fill, fillNormal, fillUniform } from "./fill.js";
import type { InitOptions } from "./fill.js";

/** Values from U[low, high). Returns the tensor, as all of these do. */
export function uniform<T extends Tensor>(target: T, low = 0, high = 1, options: InitOptions = {}): T {
  checkInit("init.uniform", options);
  return fillUniform("init.uniform", target, low, high, options);
}

/** Values from N(mean, std²). */
export function normal<T extends Tensor>(target: T, mean = 0, std = 1, options: InitOptions = {}): T {
  checkInit("init.normal", options);
  return fillNormal("init.normal", target, mean, std, options);
}

export const constant = <T extends Tensor>(target: T, value: number): T => fill("init.constant", target, (values) => values.fill(value));

export const zeros = <T extends Tensor>(target: T): T => constant(target, 0);

export const ones = <T extends Tensor>(target: T): T => constant(target, 1);
