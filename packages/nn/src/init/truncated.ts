import { ValueError } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { checkInit, fill, generatorOf } from "./fill.js";
import type { InitOptions } from "./fill.js";

/**
 * Values from N(mean, std²), but none outside of [a, b]: the normal distribution given that it falls there.
 * @throws ValueError unless std > 0 and a < b
 */
export function truncNormal<T extends Tensor>(target: T, mean = 0, std = 1, a = -2, b = 2, options: InitOptions = {}): T {
  checkInit("init.truncNormal", options);
  if (!Number.isFinite(mean) || !(std > 0 && std < Infinity)) {
    throw new ValueError("init.truncNormal", `mean is ${mean} and std ${std}`, "Give finite numbers, std above 0", { mean, std });
  }
  if (!(a < b)) throw new ValueError("init.truncNormal", `the interval is [${a}, ${b}]`, "Give a below b", { a, b });
  return fill("init.truncNormal", target, (values) => {
    const draw = drawBetween((a - mean) / std, (b - mean) / std, generatorOf(options));
    for (let i = 0; i < values.length; i++) values[i] = Math.min(Math.max(mean + std * draw(), a), b);
  });
}

const block = 256;

/** Standard normal numbers one by one, drawn a block at a time. */
function normals(generator: Generator): () => number {
  const drawn = new Float64Array(block);
  let next = block;
  return () => {
    if (next === block) {
      generator.fillNormal(drawn);
      next = 0;
    }
    return drawn[next++];
  };
}

/** Draws from `propose` until one is accepted, with the probability that `accept` gives. */
function rejecting(generator: Generator, propose: () => number, accept: (x: number) => number): () => number {
  return () => {
    for (;;) {
      const x = propose();
      if (generator.uniform() < accept(x)) return x;
    }
  };
}

/** Standard normal numbers in [low, high], by the proposal that is accepted most often. (Robert, 1995) */
function drawBetween(low: number, high: number, generator: Generator): () => number {
  if (high < 0) {
    const mirrored = drawBetween(-high, -low, generator);
    return () => -mirrored();
  }
  if (low > 0) return drawTail(low, high, generator);
  if (high - low > Math.sqrt(2 * Math.PI)) return drawWide(low, high, normals(generator));
  return rejecting(generator, () => low + (high - low) * generator.uniform(), (x) => Math.exp(-(x * x) / 2));
}

function drawWide(low: number, high: number, normal: () => number): () => number {
  return () => {
    for (;;) {
      const x = normal();
      if (x >= low && x <= high) return x;
    }
  };
}

/** For 0 < low: an exponential distribution from `low` on, cut off at `high`. */
function drawTail(low: number, high: number, generator: Generator): () => number {
  const rate = (low + Math.sqrt(low * low + 4)) / 2;
  const mass = -Math.expm1(-rate * (high - low));
  const closest = Math.min(rate, high) - rate;
  const propose = (): number => low - Math.log1p(-mass * generator.uniform()) / rate;
  return rejecting(generator, propose, (x) => Math.exp((closest * closest - (x - rate) ** 2) / 2));
}
