import type { Generator } from "@dl/tensor";

/** The logarithm of a number from the gamma distribution of shape `alpha` and scale 1. (Marsaglia and Tsang, 2000) */
function logGamma(generator: Generator, alpha: number): number {
  // Below 1 the density has a pole: one shape higher, times u^(1/alpha), is the same, and its logarithm does not run out of numbers.
  if (alpha < 1) return logGamma(generator, alpha + 1) + Math.log(1 - generator.uniform()) / alpha;
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = generator.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - generator.uniform()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}

/** A number in [0, 1] from the beta distribution with both shapes `alpha`: uniform for 1, near 0 or 1 for less, near ½ for more. */
export function drawnBeta(generator: Generator, alpha: number): number {
  const one = logGamma(generator, alpha);
  return 1 / (1 + Math.exp(logGamma(generator, alpha) - one));
}
