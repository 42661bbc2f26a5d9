import { bceWithLogits, init, type Parameter } from "@dl/nn";
import { DTypeError, ShapeError } from "@dl/registry";
import { defaultGenerator, indexSelect, linear, showShape, type Generator, type Tensor } from "@dl/tensor";

/** Which of a few words belongs to what is given. */
export interface WordQuestion {
  /** Ids of what is given, int32: centers [N] for skip-gram, contexts [N, W] for CBOW. */
  readonly given: Tensor;
  /** Ids of the words to choose from, int32 [N, C]. */
  readonly candidates: Tensor;
}

/** Small values, as word2vec starts its first table; the second one starts the same here, so that neither waits for the other. */
export function startTable(weight: Parameter, dim: number, generator: Generator = defaultGenerator()): void {
  init.uniform(weight, -0.5 / dim, 0.5 / dim, { generator });
}

/** @throws DTypeError, ShapeError unless ids are int32 with `rank` dims */
export function checkWords(where: string, name: string, ids: Tensor, rank: number): void {
  if (ids.dtype !== "int32") throw new DTypeError(where, `${name} are ${ids.dtype}`, 'Convert them: ids.to("int32")', { dtype: ids.dtype });
  const wanted = rank === 1 ? "[N]" : "[N, W]";
  if (ids.ndim !== rank) throw new ShapeError(where, `${name} have shape ${showShape(ids.shape)}, expected ${wanted}`, "Give a batch of ids", { shape: ids.shape });
}

/** Products of hidden [N, D] with the rows of all words [V, D] → [N, V], or with those of the candidates [N, C] → [N, C]. */
export function scoresOf(where: string, hidden: Tensor, words: Tensor, candidates: Tensor | null): Tensor {
  if (candidates === null) return linear(hidden, words);
  checkWords(where, "the candidates", candidates, 2);
  const [n, choices] = candidates.shape;
  if (n !== hidden.shape[0]) {
    throw new ShapeError(where, `there are candidates for ${n} questions, and ${hidden.shape[0]} questions`, "Give a row of candidates for each", { shapes: [hidden.shape, candidates.shape] });
  }
  const rows = indexSelect(words, 0, candidates.flatten()).reshape([n, choices, words.shape[1]]);
  return rows.matmul(hidden.unsqueeze(-1)).squeeze(-1);
}

/**
 * −ln σ(s₀) − Σ ln σ(−sₖ): the word that was there against words that were not, added up over a question's candidates, averaged over the questions.
 * Shapes: scores [N, C], target [N, C] of 1 for the right word and 0 for others → []. (Mikolov et al., 2013b)
 */
export const negativeSamplingLoss = (scores: Tensor, target: Tensor): Tensor =>
  bceWithLogits(scores, target, { reduction: "sum" }).div(scores.shape[0]);
