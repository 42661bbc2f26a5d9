import { Generator } from "./generator.js";

const slot = Symbol.for("dl/1/rng");

const initialSeed = 0;

/**
 * The generator that everything random uses when it is given none. One for the whole process, also when two copies of
 * this package are loaded. It starts from seed 0, so that a program repeats itself until it asks for another seed.
 */
export function defaultGenerator(): Generator {
  const shared: typeof globalThis & { [slot]?: Generator } = globalThis;
  return (shared[slot] ??= new Generator(initialSeed));
}

/** Restarts the default generator from a seed, and returns it. */
export const manualSeed = (seed: number): Generator => defaultGenerator().manualSeed(seed);
