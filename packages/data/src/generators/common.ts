import { checkOptions, checkWhole } from "@dl/registry";
import { Generator, type HostArray } from "@dl/tensor";

/** What every generator takes. */
export interface GeneratorOptions {
  /** How many samples. */
  readonly samples?: number;
  /** The same seed gives the same bits. Default 0. */
  readonly seed?: number;
}

/** The random numbers of a generator, after its options were checked. */
export function begin(where: string, options: GeneratorOptions, own: readonly string[], samples: number): Generator {
  checkOptions(where, options, ["samples", "seed", ...own]);
  checkWhole(where, "samples", samples, 0);
  return new Generator(options.seed ?? 0);
}

export const floats = (shape: readonly number[], data: Float32Array): HostArray => ({ dtype: "float32", shape, data });
export const ints = (shape: readonly number[], data: Int32Array): HostArray => ({ dtype: "int32", shape, data });

/** A number in [low, high). */
export const between = (random: Generator, low: number, high: number): number => low + (high - low) * random.uniform();

export const choice = <T>(random: Generator, items: readonly T[]): T => items[random.int(items.length)];
