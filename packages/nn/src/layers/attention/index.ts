export type { AttentionMasks } from "./masks.js";
export { MultiheadAttention } from "./multihead.js";
export type { MultiheadAttentionCall, MultiheadAttentionOptions, MultiheadAttentionResult } from "./multihead.js";
