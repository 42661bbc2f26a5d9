export { LearnedPE, SinusoidalPE } from "./encodings.js";
export type { LearnedPEOptions, SinusoidalPEOptions } from "./encodings.js";
export { RotaryEmbedding } from "./rotary.js";
export type { RotaryEmbeddingOptions } from "./rotary.js";
export type { PositionCall } from "./table.js";
