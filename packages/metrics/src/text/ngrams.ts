const SEPARATOR = "\u0000";

/** How often each run of n tokens comes. */
export function ngramCounts(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const key = tokens.slice(i, i + n).join(SEPARATOR);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** How many of the candidate's runs of n tokens are in a reference, each as often as in the reference that has it most often (Papineni's clipping). */
export function clippedMatches(candidate: readonly string[], references: readonly (readonly string[])[], n: number): number {
  const known = references.map((reference) => ngramCounts(reference, n));
  let matches = 0;
  for (const [key, count] of ngramCounts(candidate, n)) matches += Math.min(count, Math.max(...known.map((counts) => counts.get(key) ?? 0)));
  return matches;
}
