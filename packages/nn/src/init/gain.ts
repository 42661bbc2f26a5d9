import { unknownName } from "@dl/registry";

const none = (): number => 1;

const gains = {
  linear: none,
  conv1d: none,
  conv2d: none,
  conv3d: none,
  convTranspose1d: none,
  convTranspose2d: none,
  convTranspose3d: none,
  sigmoid: none,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope: number) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
} as const;

export type Nonlinearity = keyof typeof gains;

/**
 * By how much weights must be larger so that what follows them keeps the variance: 1 for affine layers and sigmoid, 5/3 for tanh,
 * √2 for relu, √(2/(1 + slope²)) for leakyRelu, 3/4 for selu. `slope` is that of leakyRelu, default 0.01.
 * @throws UnknownNameError
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  if (!Object.hasOwn(gains, nonlinearity)) throw unknownName("init.calculateGain", "non-linearity", nonlinearity, Object.keys(gains));
  return gains[nonlinearity](slope);
}
