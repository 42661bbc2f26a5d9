import { ShapeError, ValueError } from "@dl/registry";

/** A sentence: tokens, or a string that is split at white space. */
export type Sentence = string | readonly string[];

export const wordsOf = (sentence: Sentence): readonly string[] => (typeof sentence === "string" ? sentence.split(/\s+/).filter((word) => word !== "") : sentence);

/** Code points, so that one emoji is one character. */
export const charactersOf = (sentence: Sentence): readonly string[] => (typeof sentence === "string" ? Array.from(sentence) : sentence);

/** @throws ShapeError when there are not as many references as candidates */
export function checkSentencePairs(where: string, candidates: readonly unknown[], references: readonly unknown[]): void {
  if (candidates.length !== references.length) {
    throw new ShapeError(where, `${candidates.length} candidates for ${references.length} references`, "Give the references of each candidate", {
      candidates: candidates.length,
      references: references.length,
    });
  }
}

/**
 * The words of each candidate, with those of its references.
 * @throws ShapeError when there are not as many lists of references as candidates
 * @throws ValueError when a candidate has no reference, or a string stands where a list of references belongs
 */
export function translations(where: string, candidates: readonly Sentence[], references: readonly (readonly Sentence[])[]) {
  checkSentencePairs(where, candidates, references);
  return candidates.map((candidate, row) => {
    const own: unknown = references[row];
    if (!Array.isArray(own) || own.length === 0) {
      throw new ValueError(where, `candidate ${row} has no list of references`, "Give a list of references for each candidate, as in [[reference]]", { row });
    }
    return { candidate: wordsOf(candidate), references: references[row].map(wordsOf) };
  });
}
