import { unknownName } from "@dl/registry";

const gains = {
  linear: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope: number) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
} as const;

export type Nonlinearity = keyof typeof gains;

/** By how much weights must be larger so that a non-linearity keeps the variance. `slope` is that of leakyRelu. */
export function gainOf(nonlinearity: Nonlinearity, slope = 0.01): number {
  if (!Object.hasOwn(gains, nonlinearity)) throw unknownName("init.gainOf", "non-linearity", nonlinearity, Object.keys(gains));
  return gains[nonlinearity](slope);
}
