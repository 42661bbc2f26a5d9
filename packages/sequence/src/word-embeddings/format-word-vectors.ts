import type { WordVectors } from "@dl/nn";
import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { showShape } from "@dl/tensor";

export interface FormatWordVectorsOptions {
  /** Begin with the number of words and of dims, as word2vec does and GloVe does not. Default true. */
  readonly header?: boolean;
}

const where = "formatWordVectors";

/** What readers, which cut lines at spaces, give back. */
const isReadable = (word: string): boolean => word !== "" && word === word.trim().split(/\s+/).join(" ");

/** @throws ShapeError unless there is one vector for each word */
export function checkWordVectors(own: string, { words, vectors }: WordVectors): void {
  if (vectors.ndim === 2 && vectors.shape[0] === words.length) return;
  throw new ShapeError(own, `${words.length} words have vectors of shape ${showShape(vectors.shape)}`, "Give one row per word, [V, D]", { words: words.length, shape: vectors.shape });
}

/**
 * Word vectors as text, a word and its numbers on each line, as word2vec and GloVe write them: `parseWordVectors` of @dl/nn gives the same float32 back.
 * (Mikolov et al., 2013; Pennington et al., 2014)
 * @throws ShapeError unless there is one vector for each word; ValueError for a word that could not be read back, or a number that is not finite
 */
export function formatWordVectors(wordVectors: WordVectors, options: FormatWordVectorsOptions = {}): string {
  checkOptions(where, options, ["header"]);
  checkWordVectors(where, wordVectors);
  const { words, vectors } = wordVectors;
  const { header = true } = options;
  const dim = vectors.shape[1];
  const values = vectors.dataSync();
  const lines = words.map((word, i) => {
    const row = values.subarray(i * dim, (i + 1) * dim);
    if (!isReadable(word)) throw new ValueError(where, `${JSON.stringify(word)} could not be read back`, "Leave out empty words, and ones with line breaks or several spaces", { word });
    if (!row.every(Number.isFinite)) throw new ValueError(where, `the vector of ${JSON.stringify(word)} holds ${row.join(" ")}`, "Give finite numbers", { word });
    return `${word} ${row.join(" ")}\n`;
  });
  return `${header ? `${words.length} ${dim}\n` : ""}${lines.join("")}`;
}
