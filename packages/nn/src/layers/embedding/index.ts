export { Embedding } from "./embedding.js";
export type { EmbeddingOptions, PretrainedOptions } from "./embedding.js";
export { EmbeddingBag } from "./embedding-bag.js";
export type { BagMode, EmbeddingBagOptions } from "./embedding-bag.js";
export { parseWordVectors } from "./word-vectors.js";
export type { WordVectors, WordVectorsOptions } from "./word-vectors.js";
