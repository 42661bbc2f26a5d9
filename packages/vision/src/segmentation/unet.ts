import { Dropout, inSequence, jsonOptions, Layer, passOn, Sequential, type TensorModule, Upsample } from "@dl/nn";
import { ValueError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { cat, type Generator, type Tensor } from "@dl/tensor";
import { convBlock, convOf, doublingConv, normNames, type ConvStyle, type NormName } from "./conv-block.js";
import { layersFor, type SpatialDims } from "./dims.js";
import { onWholeCells } from "./whole-cells.js";

export interface UNetOptions {
  /** 2 for images (default), 3 for volumes. */
  readonly dims?: SpatialDims;
  /** How often the size is halved. Default 4. */
  readonly depth?: number;
  /** Channels at full size; each halving doubles them. Default 64. */
  readonly base?: number;
  /** Behind each 3 × 3 convolution. Default "none", as in the paper; the volumes' paper has "batch". */
  readonly norm?: NormName;
  /** How sizes are doubled: by a learnt "transposed" convolution (default), or by interpolation, "bilinear" of images and "trilinear" of volumes. */
  readonly upsampling?: "transposed" | "bilinear" | "trilinear";
  /** Hand the maps of each size over to the decoder. Default true; without, the same net is a plain encoder and decoder. */
  readonly skips?: boolean;
  /** Probability of dropping a value of the smallest maps. Default 0; the paper drops some there. */
  readonly dropout?: number;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

const optionKeys: readonly (keyof UNetOptions)[] = ["dims", "depth", "base", "norm", "upsampling", "skips", "dropout", "generator"];

function checked(options: UNetOptions): Required<Omit<UNetOptions, "generator">> {
  checkOptions("UNet", options, optionKeys);
  const { dims = 2, depth = 4, base = 64, norm = "none", upsampling = "transposed", skips = true, dropout = 0 } = options;
  if (!Object.hasOwn(layersFor, dims)) throw new ValueError("UNet", `dims is ${dims}`, "Use 2 for images and 3 for volumes", { dims });
  checkWhole("UNet", "depth", depth, 1);
  checkWhole("UNet", "base", base, 1);
  checkChoice("UNet", "norm", norm, normNames);
  checkChoice("UNet", "upsampling", upsampling, ["transposed", layersFor[dims].linear]);
  return { dims, depth, base, norm, upsampling, skips, dropout };
}

/** Doubles every size and halves the channels. A 1 × 1 convolution and an interpolation may change places; first it costs a quarter. */
function upsamplerOf(style: ConvStyle, channels: number, upsampling: "transposed" | "bilinear" | "trilinear"): TensorModule {
  if (upsampling === "transposed") return doublingConv(style, channels, channels / 2);
  return new Sequential(convOf(style, channels, channels / 2), new Upsample({ scaleFactor: 2, mode: upsampling }));
}

/**
 * A class for every pixel: an encoder of two 3 × 3 convolutions at each of `depth` sizes, two more at the smallest, and a decoder that doubles
 * the size again, with the encoder's maps of that size beside its own. Convolutions keep the size, and images are mirrored up to a multiple
 * of 2^depth and cut back, so any size of at least 2^depth comes out as it went in.
 *
 *     const model = new UNet(1, 2, { base: 16, depth: 3, norm: "batch" });
 *
 * Shapes: [N, inChannels, H, W] → logits [N, numClasses, H, W]; volumes [N, inChannels, D, H, W] → [N, numClasses, D, H, W]; N may be left
 * out. 31,030,593 parameters for one channel and one class, as the paper's. (Ronneberger et al., 2015; Çiçek et al., 2016)
 * @throws UnknownNameError, ValueError; ShapeError for an image of other channels, or too small for the depth
 */
export class UNet extends Layer {
  static readonly type = "vision/UNet";
  readonly dims: SpatialDims;
  readonly depth: number;
  readonly skips: boolean;
  /** From the full size to the smallest but one. */
  readonly encoder: readonly Sequential[];
  readonly pool: TensorModule;
  readonly bottleneck: Sequential;
  readonly dropout: Dropout;
  /** From the smallest size on, as they run. */
  readonly upsamplers: readonly TensorModule[];
  readonly decoder: readonly Sequential[];
  readonly head: TensorModule;

  constructor(readonly inChannels: number, readonly numClasses: number, options: UNetOptions = {}) {
    super([inChannels, numClasses, jsonOptions(options)]);
    const { dims, depth, base, norm, upsampling, skips, dropout } = checked(options);
    checkWhole("UNet", "inChannels", inChannels, 1);
    checkWhole("UNet", "numClasses", numClasses, 1);
    const style = { dims, norm, generator: options.generator };
    const channels = Array.from({ length: depth + 1 }, (_, i) => base * 2 ** i);
    const rising = channels.slice(0, -1).reverse();
    this.dims = dims;
    this.depth = depth;
    this.skips = skips;
    this.encoder = channels.slice(0, -1).map((count, i) => convBlock(style, [i === 0 ? inChannels : channels[i - 1], count, count]));
    this.pool = new layersFor[dims].MaxPool(2);
    this.bottleneck = convBlock(style, [channels[depth - 1], channels[depth], channels[depth]]);
    this.dropout = new Dropout(dropout);
    this.upsamplers = rising.map((count) => upsamplerOf(style, 2 * count, upsampling));
    this.decoder = rising.map((count) => convBlock(style, [skips ? 2 * count : count, count, count]));
    this.head = convOf(style, base, numClasses);
  }

  forward(x: Tensor): Tensor {
    return onWholeCells("UNet", x, this, (whole) => this.head.forward(this.decoded(...this.encoded(whole))));
  }

  /** The smallest maps, and those that were halved, largest first. */
  private encoded(x: Tensor): [smallest: Tensor, handedOver: readonly Tensor[]] {
    const handedOver: Tensor[] = [];
    for (const [i, block] of this.encoder.entries()) handedOver.push(i === 0 ? block.forward(x) : inSequence([this.pool, block], handedOver[i - 1]));
    return [inSequence([this.pool, this.bottleneck, this.dropout], handedOver[this.depth - 1]), handedOver];
  }

  private decoded(smallest: Tensor, handedOver: readonly Tensor[]): Tensor {
    return this.upsamplers.reduce((y, upsampler, i) => {
      const doubled = upsampler.forward(y);
      const below = i === 0 ? this.bottleneck : this.decoder[i - 1];
      passOn(y, doubled, this.dropout, below, upsampler);
      if (!this.skips) return this.decoder[i].forward(doubled);
      const side = this.depth - 1 - i;
      const joined = cat([handedOver[side], doubled], 1);
      passOn(handedOver[side], joined, this.encoder[side], this.pool);
      passOn(doubled, joined, upsampler);
      const maps = this.decoder[i].forward(joined);
      passOn(joined, maps, this.decoder[i]);
      return maps;
    }, smallest);
  }
}
