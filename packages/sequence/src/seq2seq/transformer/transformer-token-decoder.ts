import { noGrad } from "@dl/autograd";
import { Dropout, Layer, LayerNorm, Linear, SinusoidalPE, TransformerDecoder, TransformerDecoderLayer, jsonOptions, passOn } from "@dl/nn";
import type { Embedding } from "@dl/nn";
import { linear } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkIds } from "../../classifiers/ids.js";
import { rowsOf } from "../../language-models/cache/growing.js";
import { memoryOf } from "../memory.js";
import type { Memory } from "../memory.js";
import type { DecodedStep, DecoderState, TokenDecoder } from "../seq2seq.js";
import { CachedLayer } from "./cached-layer.js";
import { idVectors, scaledVectors, transformerSettings } from "./options.js";
import type { TransformerTokenDecoderOptions } from "./options.js";

/** Keys and values of all layers, of the ids read so far and of the memory. */
export class TransformerDecoderState implements DecoderState {
  #length = 0;

  constructor(readonly layers: readonly CachedLayer[], private places: Tensor | null) {}

  get length(): number {
    return this.#length;
  }

  /** bool [N, S], true where the memory is padding. */
  get padding(): Tensor | null {
    return this.places;
  }

  /** Notes that all layers have read so many ids more. */
  advance(steps: number): void {
    this.#length += steps;
  }

  selectRows(rows: readonly number[]): void {
    for (const layer of this.layers) layer.selectRows(rows);
    this.places = this.places === null ? null : rowsOf(this.places, rows);
  }
}

/**
 * A Transformer's decoder that writes ids: vectors times √dim with sinusoidal positions, layers that attend to the ids before and to a memory, and an
 * affine layer, or the same vectors, for the logits. The memory may come from anywhere: a sentence, an image.
 * Shapes: ids [N, T] int32, memory [N, S, dim] → logits [N, T, vocabSize]; T up to maxLength. (Vaswani et al., 2017)
 * @throws ShapeError, DTypeError for ids and memories that do not fit; ValueError, UnknownNameError for options
 */
export class TransformerTokenDecoder extends Layer implements TokenDecoder<TransformerDecoderState> {
  static readonly type = "sequence/TransformerTokenDecoder";
  readonly maxLength: number;
  readonly embedding: Embedding;
  readonly positions: SinusoidalPE;
  readonly dropout: Dropout;
  readonly decoder: TransformerDecoder;
  /** `null` where the ids' vectors serve for it. */
  readonly head: Linear | null;

  constructor(readonly vocabSize: number, readonly dim: number, options: TransformerTokenDecoderOptions = {}) {
    super([vocabSize, dim, jsonOptions(options)]);
    const { heads, layers, dimFeedforward, dropout, maxLength, normFirst, tiedHead, random } = transformerSettings("TransformerTokenDecoder", dim, options);
    this.maxLength = maxLength;
    this.embedding = idVectors(vocabSize, dim, random);
    this.positions = new SinusoidalPE(maxLength, dim, { batchFirst: true });
    this.dropout = new Dropout(dropout, random);
    const layer = new TransformerDecoderLayer(dim, heads, { dimFeedforward, dropout, normFirst, batchFirst: true, ...random });
    this.decoder = new TransformerDecoder(layer, layers, normFirst ? { norm: new LayerNorm(dim) } : {});
    this.head = tiedHead ? null : new Linear(dim, vocabSize, random);
  }

  forward(ids: Tensor, given: Memory | Tensor): Tensor {
    const { values, padding } = memoryOf("TransformerTokenDecoder", given, this.dim);
    const placed = this.placed(ids, 0);
    const decoded = this.decoder.forward(placed, values, { tgtIsCausal: true, ...(padding && { memoryKeyPaddingMask: padding }) });
    passOn(placed, decoded, this.decoder, this.dropout);
    return this.logits(decoded);
  }

  start(given: Memory | Tensor): TransformerDecoderState {
    return noGrad(() => {
      const memory = memoryOf("TransformerTokenDecoder", given, this.dim);
      return new TransformerDecoderState(this.decoder.layers.map((layer) => new CachedLayer(layer, memory)), memory.padding ?? null);
    });
  }

  step(ids: Tensor, state: TransformerDecoderState): DecodedStep {
    return noGrad(() => {
      const { output, attention } = this.goOn(ids, state);
      return { logits: this.logits(output).select(1, -1), attention: attention.select(2, -1) };
    });
  }

  /** Those of the last layer. */
  attentionMaps(ids: Tensor, memory: Memory | Tensor): Tensor {
    return noGrad(() => this.goOn(ids, this.start(memory)).attention);
  }

  private placed(ids: Tensor, offset: number): Tensor {
    checkIds("TransformerTokenDecoder", ids);
    return this.dropout.forward(this.positions.forward(scaledVectors(this.embedding, ids), { offset }));
  }

  /** Reads ids behind those that the state has read. */
  private goOn(ids: Tensor, state: TransformerDecoderState): { readonly output: Tensor; readonly attention: Tensor } {
    let x = this.placed(ids, state.length);
    let [attention] = [x];
    for (const layer of state.layers) ({ output: x, attention } = layer.forward(x, state.padding));
    state.advance(ids.shape[1]);
    return { output: this.decoder.norm?.forward(x) ?? x, attention };
  }

  private logits(decoded: Tensor): Tensor {
    return this.head === null ? linear(decoded, this.embedding.weight) : this.head.forward(decoded);
  }
}
