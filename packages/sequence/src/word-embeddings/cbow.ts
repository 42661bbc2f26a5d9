import { Embedding, EmbeddingBag, Layer, jsonOptions } from "@dl/nn";
import { checkOptions } from "@dl/registry";
import { isTensor, type Generator, type Tensor } from "@dl/tensor";
import { checkWords, scoresOf, startTable, type WordQuestion } from "./guessing.js";

export interface CBOWOptions {
  /** The id that stands in for neighbours that are missing. Default 0. */
  readonly paddingIdx?: number;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/**
 * Continuous bag of words: tells from its neighbours which word stands between them, by the mean of their vectors, score(center | context) =
 * out[center]·mean(in[context]). Faster than skip-gram, and worse for rare words. The word vectors are the rows of `input.weight` [V, D].
 * Shapes: contexts [N, W] → logits [N, V]; { given: [N, W], candidates: [N, C] } → [N, C]; ids int32. (Mikolov et al., 2013a)
 * @throws ShapeError, DTypeError; ValueError for an id that is not in the vocabulary
 */
export class CBOW extends Layer {
  static readonly type = "sequence/CBOW";
  readonly input: EmbeddingBag;
  readonly output: Embedding;

  constructor(readonly vocabSize: number, readonly dim: number, options: CBOWOptions = {}) {
    super([vocabSize, dim, jsonOptions(options)]);
    checkOptions("CBOW", options, ["paddingIdx", "generator"]);
    const { paddingIdx = 0, generator } = options;
    const random = { ...(generator && { generator }) };
    this.input = new EmbeddingBag(vocabSize, dim, { mode: "mean", paddingIdx, ...random });
    this.output = new Embedding(vocabSize, dim, random);
    startTable(this.input.weight, dim, generator);
    startTable(this.output.weight, dim, generator);
  }

  forward(question: Tensor | WordQuestion): Tensor {
    const [contexts, candidates] = isTensor(question) ? [question, null] : [question.given, question.candidates];
    checkWords("CBOW", "the contexts", contexts, 2);
    return scoresOf("CBOW", this.input.forward(contexts), this.output.weight, candidates);
  }
}
