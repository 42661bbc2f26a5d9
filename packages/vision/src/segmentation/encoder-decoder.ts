import { jsonOptions, Layer, MaxPool2d, MaxUnpool2d, type Sequential, type TensorModule, Upsample } from "@dl/nn";
import { ValueError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { convBlock, convOf, doublingConv, normNames, type ConvStyle, type NormName } from "./conv-block.js";
import { onWholeCells } from "./whole-cells.js";

export interface EncoderDecoderOptions {
  /** How often the size is halved. Default 3. */
  readonly depth?: number;
  /** Channels at full size; each halving doubles them. Default 32. */
  readonly base?: number;
  /** Channels of the smallest maps, through which everything has to pass. Default base · 2^depth. */
  readonly embedding?: number;
  /** Behind each 3 × 3 convolution. Default "batch". */
  readonly norm?: NormName;
  /** How sizes are halved: by max "pool" (default), or by a convolution with "stride" 2. */
  readonly downsampling?: "pool" | "stride";
  /**
   * How they are doubled: by interpolation, "bilinear" (default) or "nearest", by a learnt "transposed" convolution, or by "unpool", which puts
   * values back to where the pool found its maxima, as SegNet does.
   */
  readonly upsampling?: "nearest" | "bilinear" | "transposed" | "unpool";
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

type Checked = Required<Omit<EncoderDecoderOptions, "generator">>;

const optionKeys: readonly (keyof EncoderDecoderOptions)[] = ["depth", "base", "embedding", "norm", "downsampling", "upsampling", "generator"];

function checked(options: EncoderDecoderOptions): Checked {
  const where = "EncoderDecoder";
  checkOptions(where, options, optionKeys);
  const { depth = 3, base = 32, norm = "batch", downsampling = "pool", upsampling = "bilinear" } = options;
  const { embedding = base * 2 ** depth } = options;
  checkWhole(where, "depth", depth, 1);
  checkWhole(where, "base", base, 1);
  checkWhole(where, "embedding", embedding, 1);
  checkChoice(where, "norm", norm, normNames);
  checkChoice(where, "downsampling", downsampling, ["pool", "stride"]);
  checkChoice(where, "upsampling", upsampling, ["nearest", "bilinear", "transposed", "unpool"]);
  if (upsampling === "unpool" && downsampling !== "pool") {
    const fact = `upsampling is "unpool" and downsampling "${downsampling}"`;
    throw new ValueError(where, fact, 'There are no maxima to put back: use downsampling "pool"', { upsampling, downsampling });
  }
  return { depth, base, embedding, norm, downsampling, upsampling };
}

type Interpolating = Exclude<Checked["upsampling"], "unpool">;

const upsamplerOf = (style: ConvStyle, channels: number, upsampling: Interpolating): TensorModule =>
  upsampling === "transposed" ? doublingConv(style, channels, channels) : new Upsample({ scaleFactor: 2, mode: upsampling });

/**
 * A class for every pixel, by way of an embedding of the whole image: an encoder halves the size `depth` times, the smallest maps have
 * `embedding` channels, and a decoder doubles the size again; nothing goes past the embedding (but for where maxima stood, with
 * "unpool"). Images are mirrored up to a multiple of 2^depth and cut back, so odd sizes come out as they went in, too.
 * Shapes: [N, inChannels, H, W] or [inChannels, H, W] → logits [N, numClasses, H, W] or [numClasses, H, W]. (Badrinarayanan et al., 2017)
 * @throws UnknownNameError, ValueError; ShapeError for an image of other channels, or too small for the depth
 */
export class EncoderDecoder extends Layer {
  static readonly type = "vision/EncoderDecoder";
  readonly dims = 2;
  readonly depth: number;
  /** From the full size to the smallest but one. */
  readonly encoder: readonly Sequential[];
  readonly pool: MaxPool2d;
  /** What halves in place of the pool, when there is a stride. */
  readonly strided: readonly Sequential[];
  readonly toEmbedding: Sequential;
  readonly fromEmbedding: Sequential;
  readonly unpool: MaxUnpool2d | null;
  /** From the smallest size on, as they run; none where values are unpooled. */
  readonly upsamplers: readonly TensorModule[];
  readonly decoder: readonly Sequential[];
  readonly head: TensorModule;

  constructor(readonly inChannels: number, readonly numClasses: number, options: EncoderDecoderOptions = {}) {
    super([inChannels, numClasses, jsonOptions(options)]);
    const { depth, base, embedding, norm, downsampling, upsampling } = checked(options);
    checkWhole("EncoderDecoder", "inChannels", inChannels, 1);
    checkWhole("EncoderDecoder", "numClasses", numClasses, 1);
    const style = { dims: this.dims, norm, generator: options.generator } as const;
    const channels = Array.from({ length: depth }, (_, i) => base * 2 ** i);
    const deepest = channels[depth - 1];
    const rising = channels.toReversed();
    this.depth = depth;
    this.encoder = channels.map((count, i) => convBlock(style, [i === 0 ? inChannels : channels[i - 1], count]));
    this.pool = new MaxPool2d(2);
    this.strided = downsampling === "stride" ? channels.map((count) => convBlock(style, [count, count], 2)) : [];
    this.toEmbedding = convBlock(style, [deepest, embedding]);
    this.fromEmbedding = convBlock(style, [embedding, deepest]);
    this.unpool = upsampling === "unpool" ? new MaxUnpool2d(2) : null;
    this.upsamplers = upsampling === "unpool" ? [] : rising.map((count) => upsamplerOf(style, count, upsampling));
    this.decoder = rising.map((count, i) => convBlock(style, [count, rising[i + 1] ?? base]));
    this.head = convOf(style, base, numClasses);
  }

  forward(x: Tensor): Tensor {
    return onWholeCells("EncoderDecoder", x, this, (whole) => this.head.forward(this.decoded(...this.encoded(whole))));
  }

  /** The embedding, and where the maxima of each pool stood, largest maps first; they are looked for only where they are needed. */
  private encoded(x: Tensor): [embedding: Tensor, maxima: readonly Tensor[]] {
    const maxima: Tensor[] = [];
    const smallest = this.encoder.reduce((y, block, i) => {
      const maps = block.forward(y);
      if (this.unpool === null) return (this.strided.at(i) ?? this.pool).forward(maps);
      const { values, indices } = this.pool.forwardWithIndices(maps);
      maxima.push(indices);
      return values;
    }, x);
    return [this.toEmbedding.forward(smallest), maxima];
  }

  private decoded(embedding: Tensor, maxima: readonly Tensor[]): Tensor {
    return this.decoder.reduce((y, block, i) => {
      const doubled = this.unpool === null ? this.upsamplers[i].forward(y) : this.unpool.forward(y, maxima[this.depth - 1 - i]);
      return block.forward(doubled);
    }, this.fromEmbedding.forward(embedding));
  }
}
