import type { TokenMerge } from "../bpe/merge-table.js";

/**
 * A merge for each way to make a token of two others, those of higher scores first; equal scores share a rank, so that the leftmost goes first.
 * @param isPart whether a token may be merged, and come of a merge
 */
export function scoreMerges(tokens: readonly string[], scores: readonly number[], isPart: (id: number) => boolean): TokenMerge[] {
  const parts = new Map(tokens.flatMap((token, id) => (isPart(id) ? [[token, id] as const] : [])));
  const ranks = new Map([...new Set(scores)].sort((a, b) => b - a).map((score, rank) => [score, rank]));
  const merges: TokenMerge[] = [];
  for (const [token, merged] of parts) {
    for (let cut = 1; cut < token.length; cut++) {
      const left = parts.get(token.slice(0, cut));
      const right = parts.get(token.slice(cut));
      if (left !== undefined && right !== undefined) merges.push({ left, right, merged, rank: ranks.get(scores[merged]) ?? 0 });
    }
  }
  return merges;
}
