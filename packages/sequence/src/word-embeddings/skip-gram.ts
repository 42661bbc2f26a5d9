import { Embedding, Layer, jsonOptions } from "@dl/nn";
import { checkOptions } from "@dl/registry";
import { isTensor, type Generator, type Tensor } from "@dl/tensor";
import { checkWords, scoresOf, startTable, type WordQuestion } from "./guessing.js";

export interface SkipGramOptions {
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/**
 * Tells from a word which words stand near it: score(context | center) = out[context]·in[center]. Words with similar neighbours get similar rows of the
 * first table, `input.weight` [V, D], which are the word vectors.
 *
 * Over the whole vocabulary, for `crossEntropy`, or over a few candidates, for `negativeSamplingLoss` on the batches of `skipGramDataset`:
 *
 *     new Trainer({ model: new SkipGram(vocabSize, 50), optimizer, loss: negativeSamplingLoss }).fit(new DataLoader(data, { batchSize: 1024 }))
 *
 * Shapes: centers [N] → logits [N, V]; { given: [N], candidates: [N, C] } → [N, C]; ids int32. Both tables start from U(−1/2D, 1/2D).
 * (Mikolov et al., 2013a, 2013b)
 * @throws ShapeError, DTypeError; ValueError for an id that is not in the vocabulary
 */
export class SkipGram extends Layer {
  static readonly type = "sequence/SkipGram";
  readonly input: Embedding;
  readonly output: Embedding;

  constructor(readonly vocabSize: number, readonly dim: number, options: SkipGramOptions = {}) {
    super([vocabSize, dim, jsonOptions(options)]);
    checkOptions("SkipGram", options, ["generator"]);
    this.input = new Embedding(vocabSize, dim, options);
    this.output = new Embedding(vocabSize, dim, options);
    startTable(this.input.weight, dim, options.generator);
    startTable(this.output.weight, dim, options.generator);
  }

  forward(question: Tensor | WordQuestion): Tensor {
    const [centers, candidates] = isTensor(question) ? [question, null] : [question.given, question.candidates];
    checkWords("SkipGram", "the centers", centers, 1);
    return scoresOf("SkipGram", this.input.forward(centers), this.output.weight, candidates);
  }
}
