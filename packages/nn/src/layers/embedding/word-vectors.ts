import { FormatError, checkOptions } from "@dl/registry";
import { tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/** Words and their vectors, row by row. */
export interface WordVectors {
  readonly words: readonly string[];
  /** [V, D], float32: what `Embedding.fromPretrained` takes. */
  readonly vectors: Tensor;
}

export interface WordVectorsOptions {
  /** Numbers per word. By default those that the header says, or all but the first field of the first line. */
  readonly dim?: number;
}

const fieldsOf = (line: string): string[] => line.trim().split(/[ \t]+/);

/** The two numbers that word2vec puts first: how many words, and how many numbers each. */
function headerOf(line: string): readonly [count: number, dim: number] | null {
  const fields = fieldsOf(line);
  return fields.length === 2 && fields.every((field) => /^\d+$/.test(field)) ? [Number(fields[0]), Number(fields[1])] : null;
}

function vectorOf(fields: readonly string[], dim: number, line: number): number[] {
  const values = fields.slice(-dim).map(Number);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (fields.length <= dim || bad !== -1) {
    const fact = fields.length <= dim ? `line ${line} has ${fields.length} fields for a word and ${dim} numbers` : `line ${line} has "${fields.slice(-dim)[bad]}" in place of a number`;
    throw new FormatError("parseWordVectors", fact, "Give a word and its numbers on each line, separated by spaces", { line });
  }
  return values;
}

/**
 * Reads word vectors as GloVe and word2vec write them in text: a word and its numbers on each line; a first line with the number
 * of words and of dims is optional. Words may hold spaces, as some of GloVe's do.
 *
 *     const { words, vectors } = parseWordVectors(text);
 *     const embedding = Embedding.fromPretrained(vectors);
 *
 * (Mikolov et al., 2013; Pennington et al., 2014)
 * @throws FormatError, with the line, for one that is too short or holds something else; for another number of words than the header says
 */
export function parseWordVectors(text: string, options: WordVectorsOptions = {}): WordVectors {
  checkOptions("parseWordVectors", options, ["dim"]);
  const lines = text.split(/\r?\n/);
  const header = headerOf(lines[0]);
  const skipped = header === null ? 0 : 1;
  const body = lines.slice(skipped).flatMap((line, i) => (line.trim() === "" ? [] : [{ fields: fieldsOf(line), line: i + 1 + skipped }]));
  if (body.length === 0) throw new FormatError("parseWordVectors", "there is no line with a word", "Give the text of a file of word vectors");
  const dim = options.dim ?? header?.[1] ?? body[0].fields.length - 1;
  if (header !== null && header[0] !== body.length) {
    throw new FormatError("parseWordVectors", `the header promises ${header[0]} words, there are ${body.length}`, "The file is cut off, or the header is wrong", { promised: header[0], found: body.length });
  }
  const values = new Float32Array(body.length * dim);
  body.forEach(({ fields, line }, i) => { values.set(vectorOf(fields, dim, line), i * dim); });
  return { words: body.map(({ fields }) => fields.slice(0, -dim).join(" ")), vectors: tensor(values, { shape: [body.length, dim] }) };
}
