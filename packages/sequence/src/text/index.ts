export { joinWords } from "./join-words.js";
export { bertNormalizers, normalizeText } from "./normalizers.js";
export type { Normalizer } from "./normalizers.js";
export type { PreTokenizer } from "./pre-tokenizers.js";
export { tokenStream } from "./token-stream.js";
export type { TextSource } from "./token-stream.js";
