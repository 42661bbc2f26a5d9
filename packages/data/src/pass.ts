import { Generator, splitGenerator } from "@dl/tensor";

/** One pass over the data: whatever is random in it depends on these two alone. */
export interface Pass {
  readonly seed: number;
  /** Counted from 0. */
  readonly epoch: number;
}

/** The generator of a pass. */
export const generatorOf = ({ seed, epoch }: Pass): Generator => splitGenerator(new Generator(seed), epoch);
