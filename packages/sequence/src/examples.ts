import type { LayerExample } from "@dl/nn";
import { captioningExamples } from "./captioning/examples.js";
import { classifierExamples } from "./classifiers/examples.js";
import { languageModelExamples } from "./language-models/examples.js";
import { seq2seqExamples } from "./seq2seq/examples.js";
import { speechExamples } from "./speech/examples.js";
import { wordEmbeddingExamples } from "./word-embeddings/examples.js";

/** Examples of every layer of this package, for the suites of `@dl/testing`. */
export const sequenceExamples = (): LayerExample[] => [
  ...captioningExamples(), ...classifierExamples(), ...languageModelExamples(), ...seq2seqExamples(), ...speechExamples(), ...wordEmbeddingExamples(),
];
