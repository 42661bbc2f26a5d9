import { Linear, jsonOptions, type TensorModule } from "@dl/nn";
import { ShapeError, ValueError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { showShape, type Generator, type Tensor } from "@dl/tensor";
import { EncoderDecoder } from "../seq2seq/encoder-decoder.js";
import type { Memory } from "../seq2seq/memory.js";
import { RNNTokenDecoder } from "../seq2seq/rnn/rnn-token-decoder.js";
import type { TokenDecoder } from "../seq2seq/seq2seq.js";
import { TransformerTokenDecoder } from "../seq2seq/transformer/transformer-token-decoder.js";
import { placePositions } from "./places.js";

export interface CaptionerOptions {
  /** Numbers per place of the picture and per word, a multiple of 4. Default 128. */
  readonly dim?: number;
  /** What writes: "transformer" (default), or "rnn", a GRU that attends. */
  readonly decoder?: "transformer" | "rnn";
  /** Layers of the decoder. Default 2, of an RNN 1. */
  readonly layers?: number;
  /** Heads of a transformer's attention. Default 4. */
  readonly heads?: number;
  /** Probability of dropping a value. Default 0.1. */
  readonly dropout?: number;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

const where = "Captioner";

function decoderOf(vocabSize: number, { dim = 128, decoder = "transformer", layers, heads, dropout, generator }: CaptionerOptions): TokenDecoder {
  const shared = { ...(layers !== undefined && { layers }), ...(dropout !== undefined && { dropout }), ...(generator && { generator }) };
  if (decoder === "rnn") return new RNNTokenDecoder(vocabSize, dim, { ...shared, dim, hidden: dim });
  return new TransformerTokenDecoder(vocabSize, dim, { ...shared, ...(heads !== undefined && { heads }) });
}

/**
 * Says what is on a picture: any encoder that makes maps of it, and a decoder that looks at their places while it writes word by word. Each place is told
 * where it lies. A model of sequences [N, S, features] may be the encoder, too; it has to bring its own positions.
 *
 *     const encoder = new Sequential(new Conv2d(3, 32, 3, { stride: 2, padding: 1 }), new ReLU(), new Conv2d(32, 64, 3, { stride: 2, padding: 1 }), new ReLU());
 *     const model = new Captioner(encoder, 64, tokenizer.vocabSize, { dim: 64 });
 *     const loss = sequenceCrossEntropy(model.forward({ source: images, target }), y);
 *
 * Shapes: source as the encoder wants it, which gives [N, features, H, W] or [N, S, features]; target [N, T] int32, `<start>` first →
 * logits [N, T, vocabSize]. (Vinyals et al., 2015; Xu et al., 2015)
 * @throws ShapeError for an encoder that gives something else; ValueError, UnknownNameError for options
 */
export class Captioner extends EncoderDecoder {
  static readonly type = "sequence/Captioner";
  readonly dim: number;
  readonly project: Linear;
  readonly decoder: TokenDecoder;

  /** @param features of each place that the encoder gives */
  constructor(readonly encoder: TensorModule, readonly features: number, vocabSize: number, options: CaptionerOptions = {}) {
    super([encoder, features, vocabSize, jsonOptions(options)]);
    checkOptions(where, options, ["dim", "decoder", "layers", "heads", "dropout", "generator"]);
    const { dim = 128, decoder = "transformer", heads, generator } = options;
    checkWhole(where, "features", features, 1);
    checkWhole(where, "dim", dim, 1);
    checkChoice(where, "decoder", decoder, ["transformer", "rnn"]);
    if (decoder === "rnn" && heads !== undefined) throw new ValueError(where, `heads is ${heads} for a recurrent decoder`, "Leave it out", { heads });
    this.dim = dim;
    this.project = new Linear(features, dim, generator && { generator });
    this.decoder = decoderOf(vocabSize, options);
  }

  /** Shapes: → values [N, H·W, dim], or [N, S, dim]. */
  encode(source: Tensor): Memory {
    const seen = this.encoder.forward(source);
    if (seen.ndim === 3 && seen.shape[2] === this.features) return { values: this.project.forward(seen) };
    if (seen.ndim !== 4 || seen.shape[1] !== this.features) {
      const fact = `the encoder gave ${showShape(seen.shape)}, not [N, ${this.features}, H, W] or [N, S, ${this.features}]`;
      throw new ShapeError(where, fact, "Say how many features it gives, and leave pooling over all places out", { shape: seen.shape, features: this.features });
    }
    const [, , height, width] = seen.shape;
    const places = this.project.forward(seen.flatten(2).transpose(1, 2));
    return { values: places.add(placePositions(places, [height, width], this.dim)) };
  }
}
