import type { GPTOptions } from "./options.js";

type Sizes = Pick<GPTOptions, "contextLength" | "dim" | "heads" | "layers">;

const gpt2Vocabulary = { vocabSize: 50257 } as const;

/**
 * Sizes of known models: `new GPT(gptPresets.gpt2)`; the small ones take a vocabulary of your own, `new GPT({ ...gptPresets.nano, vocabSize: 65 })`.
 * (Radford et al., 2019; "gpt3-small": Brown et al., 2020, without its sparse layers)
 */
export const gptPresets = {
  /** For characters on a CPU. */
  nano: { contextLength: 64, dim: 128, heads: 4, layers: 4 },
  /** Six layers, about as much as a CPU can train in an hour. */
  "gpt-mini": { contextLength: 128, dim: 192, heads: 6, layers: 6 },
  /** 124,439,808 parameters. */
  gpt2: { ...gpt2Vocabulary, contextLength: 1024, dim: 768, heads: 12, layers: 12 },
  /** 354,823,168 parameters. */
  "gpt2-medium": { ...gpt2Vocabulary, contextLength: 1024, dim: 1024, heads: 16, layers: 24 },
  /** 774,030,080 parameters. */
  "gpt2-large": { ...gpt2Vocabulary, contextLength: 1024, dim: 1280, heads: 20, layers: 36 },
  /** 1,557,611,200 parameters. */
  "gpt2-xl": { ...gpt2Vocabulary, contextLength: 1024, dim: 1600, heads: 25, layers: 48 },
  /** GPT-2's shape with twice the context. */
  "gpt3-small": { ...gpt2Vocabulary, contextLength: 2048, dim: 768, heads: 12, layers: 12 },
} as const satisfies Readonly<Record<string, Sizes & Partial<GPTOptions>>>;
