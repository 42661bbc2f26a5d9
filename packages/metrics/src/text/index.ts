export { Bleu, bleu } from "./bleu.js";
export type { BleuOptions, BleuSmoothing } from "./bleu.js";
export { CharacterErrorRate, characterErrorRate, WordErrorRate, wordErrorRate } from "./edit-rate.js";
export { Perplexity, perplexity } from "./perplexity.js";
export { RougeL, rougeL } from "./rouge-l.js";
export type { RougeLOptions, RougeScore } from "./rouge-l.js";
export type { Sentence } from "./tokens.js";
