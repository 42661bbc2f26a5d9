import type { LayerExample } from "@dl/nn";
import { CBOW } from "./cbow.js";
import { SkipGram } from "./skip-gram.js";

/** Examples of layers that learn word vectors, for the suites of `@dl/testing`. */
export const wordEmbeddingExamples = (): LayerExample[] => [
  { layer: () => new SkipGram(5, 3), inputs: [[3, 1, 3]], dtypes: ["int32"], outputShape: [3, 5] },
  { layer: () => new CBOW(5, 3, { paddingIdx: 4 }), inputs: [[[3, 1], [0, 1], [2, 2]]], dtypes: ["int32"], outputShape: [3, 5] },
];
