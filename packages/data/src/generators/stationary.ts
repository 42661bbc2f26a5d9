/** Steps after which a chain is where it stays, as near as float64 tells. */
const STEPS = 5000;

/**
 * The share of each state of a Markov chain in the long run: π with π = π·P, from the uniform distribution where several are possible. Each step is
 * averaged with the one before, so that chains that go round in cycles settle, too. Rows of P sum to 1.
 */
export function stationaryShares(transition: readonly (readonly number[])[]): number[] {
  let shares = transition.map(() => 1 / transition.length);
  for (let step = 0; step < STEPS; step++) {
    const next = transition.map((_, j) => shares.reduce((sum, share, i) => sum + share * transition[i][j], 0));
    shares = shares.map((share, i) => (share + next[i]) / 2);
  }
  return shares;
}
