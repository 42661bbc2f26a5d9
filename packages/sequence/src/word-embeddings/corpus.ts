import { ValueError, checkWhole } from "@dl/registry";

/** Ids of a text's words. */
export type WordIds = Int32Array | readonly number[];

/** One text, or several: words of different texts are no neighbours. */
export type Corpus = WordIds | readonly WordIds[];

const isText = (corpus: Corpus): corpus is WordIds =>
  corpus instanceof Int32Array || corpus.length === 0 || typeof corpus[0] === "number";

/** The texts of a corpus. @throws ValueError for an id that is no whole number of at least 0 */
export function textsOf(where: string, corpus: Corpus): readonly WordIds[] {
  const texts = isText(corpus) ? [corpus] : corpus;
  for (const text of texts) {
    for (const id of text) checkWhole(where, "an id", id);
  }
  return texts;
}

/** How often each id occurs. @throws ValueError for an id that is not in [0, vocabSize) */
export function wordCounts(corpus: Corpus, vocabSize: number): Int32Array {
  checkWhole("wordCounts", "vocabSize", vocabSize, 1);
  const counts = new Int32Array(vocabSize);
  for (const text of textsOf("wordCounts", corpus)) {
    for (const id of text) {
      if (id >= vocabSize) throw new ValueError("wordCounts", `id ${id} is not in [0, ${vocabSize})`, "Give a greater vocabSize", { id, vocabSize });
      counts[id] += 1;
    }
  }
  return counts;
}
