import { Dropout, Embedding, Layer, LayerNorm, Linear, init, jsonOptions, passOn } from "@dl/nn";
import type { LearnedPE, SinusoidalPE } from "@dl/nn";
import { linear } from "@dl/tensor";
import type { Generator, Tensor } from "@dl/tensor";
import { planCall } from "../attention-plan.js";
import { KeyValueCache } from "../cache/key-value-cache.js";
import { checkCall } from "../check-call.js";
import type { LanguageModel, LanguageModelCall } from "../language-model.js";
import { passOnRecorded } from "../pass-on-recorded.js";
import { Block } from "./block.js";
import { settingsOf } from "./options.js";
import type { GPTOptions } from "./options.js";
import { positionAngles, positionVectors, withPositions } from "./positions.js";

/** What stands below the last layer, under the names of GPT-2's files. */
interface Trunk {
  /** Vectors of tokens. */
  readonly wte: Embedding;
  /** Vectors of positions; null where positions are told by turning queries and keys. */
  readonly wpe: LearnedPE | SinusoidalPE | null;
  readonly drop: Dropout;
  readonly h: readonly Block[];
  readonly lnF: LayerNorm | null;
}

/** Standard deviation of the initial weights. */
const std = 0.02;

/** GPT-2's start: N(0, 0.02²), biases 0; what is added to the sum of all parts is smaller by √(number of parts). */
function initialize({ wte, h }: Trunk, head: Linear | null, random: { readonly generator?: Generator }): void {
  const start = (layer: Linear, deviation: number): void => {
    init.normal(layer.weight, 0, deviation, random);
    if (layer.bias !== null) init.zeros(layer.bias);
  };
  const addedStd = std / Math.sqrt(2 * h.length);
  init.normal(wte.weight, 0, std, random);
  for (const { attn, mlp } of h) {
    start(attn.cAttn, std);
    start(attn.cProj, addedStd);
    start(mlp.cFc, std);
    start(mlp.cProj, addedStd);
  }
  if (head !== null) start(head, std);
}

/**
 * A transformer that predicts the next token from those before it: vectors of tokens and positions, blocks of causal self-attention and a
 * feed-forward part, and for each position the logits of what comes next.
 *
 *     const model = new GPT({ ...gptPresets.nano, vocabSize: 65 });
 *     const loss = crossEntropy(model.forward(ids).flatten(0, 1), next.flatten());
 *
 * Shapes: ids [N, T], int32, T ≤ contextLength → logits [N, T, vocabSize]. Names of the parameters are GPT-2's: `transformer.wte.weight`,
 * `transformer.h.0.attn.c_attn.weight`, …; `loadGpt2` reads its files. (Radford et al., 2019; with `normFirst: false` Radford et al., 2018)
 * @throws ShapeError for more than contextLength ids; ValueError for an id that is not in the vocabulary; ValueError, UnknownNameError for bad options
 */
export class GPT extends Layer implements LanguageModel<KeyValueCache> {
  static readonly type = "sequence/GPT";
  readonly transformer: Trunk;
  /** `null` where the head shares the weights of the embedding. */
  readonly lmHead: Linear | null;
  readonly vocabSize: number;
  readonly contextLength: number;

  constructor(options: GPTOptions) {
    super([jsonOptions(options)]);
    const settings = settingsOf(options);
    const { vocabSize, contextLength, dim, layers, dropout, bias, layerNormEps: eps, normFirst, tiedHead, dtype, random } = settings;
    const rotary = positionAngles(settings);
    this.vocabSize = vocabSize;
    this.contextLength = contextLength;
    this.transformer = {
      wte: new Embedding(vocabSize, dim, { dtype, ...random }),
      wpe: positionVectors(settings),
      drop: new Dropout(dropout, random),
      h: Array.from({ length: layers }, () => new Block(settings, rotary)),
      lnF: normFirst ? new LayerNorm(dim, { eps, bias, dtype }) : null,
    };
    this.lmHead = tiedHead ? null : new Linear(dim, vocabSize, { bias: false, dtype, ...random });
    initialize(this.transformer, this.lmHead, random);
  }

  forward(ids: Tensor, call: LanguageModelCall<KeyValueCache> = {}): Tensor {
    checkCall("GPT", ids, call, this.contextLength);
    const { cache, paddingMask, lastOnly = false } = call;
    const { plan, done } = planCall(ids, cache, paddingMask);
    const { wte, wpe, drop, h, lnF } = this.transformer;
    const tokens = wte.forward(ids);
    const placed = wpe === null ? tokens : withPositions(tokens, wpe, plan);
    if (wpe !== null) passOn(tokens, placed, wte, wpe);
    let x = drop.forward(placed);
    passOn(placed, x, wte, drop);
    h.forEach((block, i) => {
      const next = block.forward(x, plan, cache?.layers[i]);
      passOnRecorded(x, next, block, drop);
      x = next;
    });
    done();
    const last = lastOnly ? x.slice(1, -1) : x;
    const normed = lnF === null ? last : lnF.forward(last);
    if (lnF !== null) passOnRecorded(x, normed, lnF, ...h);
    const logits = this.lmHead === null ? linear(normed, wte.weight) : this.lmHead.forward(normed);
    if (lnF !== null) passOn(normed, logits, lnF);
    return logits;
  }

  /** An empty cache of keys and values for one batch, as `forward` takes it. */
  startCache(): KeyValueCache {
    return new KeyValueCache(this.transformer.h.length);
  }
}
