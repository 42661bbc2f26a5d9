import type { Tokenizers } from "./samples.js";

/** How the next token is chosen. */
export interface Sampling {
  /** Divides the logits: below 1 likely tokens become likelier. Default 1. */
  readonly temperature?: number;
  /** Only the k likeliest. */
  readonly topK?: number;
  /** Only the likeliest that together have this probability. */
  readonly topP?: number;
  /** Only those with this share of the likeliest one's probability. */
  readonly minP?: number;
  /** Above 1, what was said already becomes unlikelier. */
  readonly repetitionPenalty?: number;
  /** Sequences that are kept side by side: a search for the likeliest text in the place of chance. */
  readonly beams?: number;
}

/** How a text is written. */
export interface Generation {
  readonly tokenizers: Tokenizers;
  readonly sampling: Sampling;
  /** Default as the model's author chose it. */
  readonly maxTokens?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}
