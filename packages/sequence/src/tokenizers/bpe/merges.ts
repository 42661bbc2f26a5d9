import { ValueError } from "@dl/registry";
import { malformed } from "../json.js";
import type { Vocabulary } from "../vocabulary.js";
import type { TokenMerge } from "./merge-table.js";

type Pair = readonly [left: string, right: string];

const isPair = (parts: unknown): parts is Pair => Array.isArray(parts) && parts.length === 2 && parts.every((part) => typeof part === "string" && part !== "");

const missingOf = (vocabulary: Vocabulary, [left, right]: Pair): string | undefined => [left, right, left + right].find((token) => !vocabulary.has(token));

/**
 * The merges of a file: "left right" each, or lists of two.
 * @param firstLine the line of the file on which they begin, for errors
 * @throws FormatError with the line, or the place in the list, and the reason
 */
export function readMerges(where: string, items: readonly unknown[], vocabulary: Vocabulary, firstLine?: number): Pair[] {
  const place = (i: number): string => (firstLine === undefined ? `merges[${i}]` : `line ${i + firstLine}`);
  const detailsOf = (i: number): Readonly<Record<string, number>> => (firstLine === undefined ? { index: i } : { line: i + firstLine });
  return items.map((item, i) => {
    const parts: unknown = typeof item === "string" ? item.split(" ") : item;
    if (!isPair(parts)) {
      const fact = `${place(i)} is ${JSON.stringify(item).slice(0, 60)}, not two tokens with a space between them`;
      throw malformed(where, fact, "Check that the file is whole", detailsOf(i));
    }
    const missing = missingOf(vocabulary, parts);
    if (missing === undefined) return parts;
    const fact = `${place(i)} (${parts.join(" ")}) needs ${JSON.stringify(missing)}, which is no token of the vocabulary`;
    throw malformed(where, fact, "Take the merges and the vocabulary of the same tokenizer", detailsOf(i));
  });
}

/** The merges as ids. @throws ValueError with the number of the merge whose parts or result are no tokens */
export function tokenMerges(where: string, vocabulary: Vocabulary, merges: readonly Pair[]): TokenMerge[] {
  return merges.map((pair, rank) => {
    const missing = missingOf(vocabulary, pair);
    if (missing !== undefined) {
      const fact = `merge ${rank} (${pair.join(" ")}) needs ${JSON.stringify(missing)}, which is no token`;
      throw new ValueError(where, fact, "Take the merges and the vocabulary of the same tokenizer", { rank, token: missing });
    }
    const [left, right] = pair;
    return { left: vocabulary.indexOf(left), right: vocabulary.indexOf(right), merged: vocabulary.indexOf(left + right), rank };
  });
}
