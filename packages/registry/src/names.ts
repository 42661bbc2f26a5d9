import { UnknownNameError } from "./errors.js";

/** Levenshtein distance: the least number of insertions, deletions and substitutions that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

/** The candidates that a person who typed `name` may have meant, nearest first, three at most. */
export function nearMatches(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...candidates]
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      const contains = wanted.length > 2 && (lower.includes(wanted) || wanted.includes(lower));
      return { candidate, distance: contains ? 1 : editDistance(wanted, lower) };
    })
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** An `UnknownNameError` that lists near matches, or everything there is when nothing is near. */
export function unknownName(where: string, kind: string, name: string, known: Iterable<string>): UnknownNameError {
  const names = [...known];
  const near = nearMatches(name, names);
  const fix =
    near.length > 0
      ? `Did you mean ${near.map((match) => `"${match}"`).join(" or ")}?`
      : `Known: ${names.length > 0 ? names.sort().join(", ") : "none"}`;
  return new UnknownNameError(where, `unknown ${kind} "${name}"`, fix, { name, kind, near, known: names });
}

/**
 * Rejects keys of an options object that `where` does not know.
 * @throws UnknownNameError with the near matches
 */
export function checkOptions(where: string, options: object | undefined, known: readonly string[]): void {
  if (options === undefined) return;
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw unknownName(where, "option", key, known);
  }
}
