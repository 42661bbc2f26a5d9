import { noGrad } from "@dl/autograd";
import { Layer, evaluating } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import type { Memory } from "./memory.js";
import type { DecodedStep, DecoderState, Seq2Seq, TokenDecoder } from "./seq2seq.js";

/** What a training step reads: `x` of a batch. */
export interface SourceAndTarget<Source = Tensor> {
  readonly source: Source;
  /** Ids [N, T] that the decoder reads: `<start>` and the target without its end. */
  readonly target: Tensor;
}

/**
 * A model of two halves: `encode` turns a source into a memory, `decoder` writes ids while it looks at that. A model of one's own needs these two:
 *
 *     class Captioner extends EncoderDecoder {
 *       static readonly type = "acme/Captioner";
 *       readonly decoder: TransformerTokenDecoder;
 *       constructor(readonly encoder: TensorModule, vocabSize: number, dim: number) {
 *         super([encoder, vocabSize, dim]);
 *         this.decoder = new TransformerTokenDecoder(vocabSize, dim);
 *       }
 *       encode(image: Tensor): Memory { return { values: this.encoder.forward(image) }; }   // [N, places, dim]
 *     }
 *
 * (Sutskever et al., 2014)
 */
export abstract class EncoderDecoder<Source = Tensor, C extends DecoderState = DecoderState> extends Layer implements Seq2Seq<Source, C> {
  abstract readonly decoder: TokenDecoder<C>;

  /** What the decoder attends to. */
  abstract encode(source: Source): Memory;

  /**
   * Teacher forcing: logits behind every id of the target, each from the ids up to there. Takes one pair, as a `Trainer` hands it on, or both parts.
   * Shapes: target [N, T] int32 → [N, T, targetVocabSize].
   */
  forward(source: Source, target: Tensor): Tensor;
  // The last signature is the one that a Trainer infers its batches from.
  forward(pair: SourceAndTarget<Source>): Tensor;
  forward(...given: readonly [SourceAndTarget<Source>] | readonly [Source, Tensor]): Tensor {
    const { source, target } = given.length === 1 ? given[0] : { source: given[0], target: given[1] };
    return this.decoder.forward(target, this.encode(source));
  }

  get targetVocabSize(): number {
    return this.decoder.vocabSize;
  }

  get maxTargetLength(): number {
    return this.decoder.maxLength;
  }

  startDecoding(memory: Memory): C {
    return this.decoder.start(memory);
  }

  decodeStep(ids: Tensor, state: C): DecodedStep {
    return this.decoder.step(ids, state);
  }

  /**
   * How much each step of the target attends to each place of the source, in evaluation mode and without gradients: for pictures.
   * Shapes: target [N, T] → [N, heads, T, S]; `null` for a decoder without attention.
   */
  attentionMaps({ source, target }: SourceAndTarget<Source>): Tensor | null {
    return evaluating(this, () => noGrad(() => this.decoder.attentionMaps(target, this.encode(source))));
  }
}
