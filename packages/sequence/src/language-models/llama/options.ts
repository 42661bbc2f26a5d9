import { ValueError, checkNumber, checkOptions, checkPositive, checkWhole } from "@dl/registry";
import type { DType, Generator } from "@dl/tensor";

export interface LlamaOptions {
  /** Number of different ids. */
  readonly vocabSize: number;
  /** The most positions that it looks at. */
  readonly contextLength: number;
  /** Size of a token's vector. */
  readonly dim: number;
  /** Heads of the queries; a divisor of dim. */
  readonly heads: number;
  /** Heads of keys and values, each shared by heads/kvHeads queries; a divisor of heads. Default heads. (Ainslie et al., 2023) */
  readonly kvHeads?: number;
  readonly layers: number;
  /** Hidden size of the feed-forward part. Default 8/3·dim, rounded up to a multiple of 32. */
  readonly hiddenDim?: number;
  /** The wavelengths of positions grow from 2π to 2π·ropeBase. Default 10000. */
  readonly ropeBase?: number;
  /** Added under the root of the norms. Default 1e-5. */
  readonly normEps?: number;
  /** Let the last layer share its weights with the embedding. Default true. */
  readonly tiedHead?: boolean;
  /** Probability of dropping a value behind the embedding and each part, and an attention weight. Default 0. */
  readonly dropout?: number;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
}

/** Options with nothing left open. */
export type LlamaSettings = Required<Omit<LlamaOptions, "generator">> & {
  /** To be spread into the options of layers. */
  readonly random: { readonly generator?: Generator };
};

const where = "Llama";
const keys = [
  "vocabSize", "contextLength", "dim", "heads", "kvHeads", "layers", "hiddenDim", "ropeBase", "normEps", "tiedHead", "dropout", "generator", "dtype",
];

function checkDivides(name: string, part: number, wholeName: string, whole: number): void {
  if (whole % part !== 0) {
    throw new ValueError(
      where, `${name} ${part} does not divide ${wholeName} ${whole}`,
      `Use a divisor of ${whole}`,
      { [name]: part, [wholeName]: whole },
    );
  }
}

/** @throws ValueError, UnknownNameError for sizes and options that make no model */
export function llamaSettings(options: LlamaOptions): LlamaSettings {
  checkOptions(where, options, keys);
  const { vocabSize, contextLength, dim, heads, kvHeads = heads, layers, hiddenDim = 32 * Math.ceil(dim / 12), generator } = options;
  const { ropeBase = 10000, normEps = 1e-5, tiedHead = true, dropout = 0, dtype = "float32" } = options;
  for (const [name, value] of Object.entries({ vocabSize, contextLength, dim, heads, kvHeads, layers, hiddenDim })) checkWhole(where, name, value, 1);
  checkDivides("heads", heads, "dim", dim);
  checkDivides("kvHeads", kvHeads, "heads", heads);
  checkPositive(where, "ropeBase", ropeBase);
  checkNumber(where, "normEps", normEps, 0);
  checkNumber(where, "dropout", dropout, 0, 1);
  return {
    vocabSize, contextLength, dim, heads, kvHeads, layers, hiddenDim, ropeBase, normEps, tiedHead, dropout, dtype,
    random: generator === undefined ? {} : { generator },
  };
}
