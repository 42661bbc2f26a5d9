export { KeyValueCache } from "./cache/key-value-cache.js";
export * from "./gpt/index.js";
export type { LanguageModel, LanguageModelCache, LanguageModelCall } from "./language-model.js";
export * from "./llama/index.js";
export * from "./recurrent/index.js";
export type { Weights } from "./weights.js";
