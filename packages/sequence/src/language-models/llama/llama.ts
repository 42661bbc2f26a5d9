import { Dropout, Embedding, Layer, Linear, RMSNorm, RotaryEmbedding, init, jsonOptions, passOn } from "@dl/nn";
import { linear } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { planCall } from "../attention-plan.js";
import { KeyValueCache } from "../cache/key-value-cache.js";
import { checkCall } from "../check-call.js";
import type { LanguageModel, LanguageModelCall } from "../language-model.js";
import { passOnRecorded } from "../pass-on-recorded.js";
import { LlamaBlock } from "./block.js";
import { llamaSettings } from "./options.js";
import type { LlamaOptions } from "./options.js";

/** Standard deviation of the initial weights. */
const std = 0.02;

/**
 * A transformer that predicts the next token, as LLaMA builds it: norms by the root mean square, positions told by turning queries and keys,
 * a gated feed-forward part, keys and values shared by several heads of queries, and no biases.
 * Shapes: ids [N, T], int32, T ≤ contextLength → logits [N, T, vocabSize]. Names of the parameters are those of the published files:
 * `tok_embeddings.weight`, `layers.0.attention.wq.weight`, …, `norm.weight`, and `output.weight` where the head is not tied, so that
 * `loadStateDict` reads them. Weights start from N(0, 0.02²), those added to the sum of all parts smaller by √(2·layers).
 * (Touvron et al., 2023)
 * @throws ShapeError for more than contextLength ids; ValueError for an id that is not in the vocabulary; ValueError, UnknownNameError for bad options
 */
export class Llama extends Layer implements LanguageModel<KeyValueCache> {
  static readonly type = "sequence/Llama";
  readonly tokEmbeddings: Embedding;
  readonly dropout: Dropout;
  readonly layers: readonly LlamaBlock[];
  readonly norm: RMSNorm;
  /** `null` where the head shares the weights of the embedding. */
  readonly output: Linear | null;
  readonly vocabSize: number;
  readonly contextLength: number;

  constructor(options: LlamaOptions) {
    super([jsonOptions(options)]);
    const settings = llamaSettings(options);
    const { vocabSize, contextLength, dim, heads, layers, ropeBase, normEps, tiedHead, dropout, dtype, random } = settings;
    const rotary = new RotaryEmbedding(dim / heads, { maxLength: contextLength, base: ropeBase, dtype });
    this.vocabSize = vocabSize;
    this.contextLength = contextLength;
    this.tokEmbeddings = new Embedding(vocabSize, dim, { dtype, ...random });
    this.dropout = new Dropout(dropout, random);
    this.layers = Array.from({ length: layers }, () => new LlamaBlock(settings, rotary));
    this.norm = new RMSNorm(dim, { eps: normEps, dtype });
    this.output = tiedHead ? null : new Linear(dim, vocabSize, { bias: false, dtype, ...random });
    const added = this.layers.flatMap(({ attention, feedForward }) => [attention.wo.weight, feedForward.w2.weight]);
    for (const weight of this.parameters().filter(({ ndim }) => ndim === 2)) {
      init.normal(weight, 0, added.includes(weight) ? std / Math.sqrt(2 * layers) : std, random);
    }
  }

  forward(ids: Tensor, call: LanguageModelCall<KeyValueCache> = {}): Tensor {
    checkCall("Llama", ids, call, this.contextLength);
    const { cache, paddingMask, lastOnly = false } = call;
    const { plan, done } = planCall(ids, cache, paddingMask);
    const { tokEmbeddings, dropout, layers, norm } = this;
    const tokens = tokEmbeddings.forward(ids);
    let x = dropout.forward(tokens);
    passOn(tokens, x, tokEmbeddings, dropout);
    layers.forEach((block, i) => {
      const next = block.forward(x, plan, cache?.layers[i]);
      passOnRecorded(x, next, block, dropout, tokEmbeddings);
      x = next;
    });
    done();
    const normed = norm.forward(lastOnly ? x.slice(1, -1) : x);
    passOnRecorded(x, normed, norm, ...layers);
    const logits = this.output === null ? linear(normed, tokEmbeddings.weight) : this.output.forward(normed);
    passOn(normed, logits, norm, ...(this.output === null ? [] : [this.output]));
    return logits;
  }

  /** An empty cache of keys and values for one batch, as `forward` takes it. */
  startCache(): KeyValueCache {
    return new KeyValueCache(this.layers.length);
  }
}
