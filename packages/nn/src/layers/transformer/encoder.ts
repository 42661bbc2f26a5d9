import { checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import { MultiheadAttention } from "../attention/multihead.js";
import type { TensorModule } from "../chain.js";
import { Dropout } from "../dropout/dropout.js";
import { Linear } from "../linear.js";
import { LayerNorm } from "../norm/layer-norm.js";
import { jsonOptions } from "../options.js";
import { activationOf, attentionOptions, feedForward, resolved, transformerKeys } from "./options.js";
import type { TransformerLayerOptions } from "./options.js";
import { stackOf } from "./stack.js";
import type { StackOptions, StackPart } from "./stack.js";

/** Masks are PyTorch's for layers: true = left out. */
export interface EncoderCall {
  /** [T, T] or [N · heads, T, T]: bool, or float to add to the scores. */
  readonly srcMask?: Tensor;
  /** [N, T], padding: bool, or float to add to the scores. */
  readonly srcKeyPaddingMask?: Tensor;
  /** Each position attends to itself and those before it. Default false. */
  readonly isCausal?: boolean;
}

const callKeys = ["srcMask", "srcKeyPaddingMask", "isCausal"];

/**
 * Self-attention, then a feed-forward part at each position; the input of each part is added to its output, and a LayerNorm stands
 * behind that sum, or with `normFirst` before the part.
 * Shapes: [T, N, dModel] (batchFirst: [N, T, dModel]; without a batch [T, dModel]) → same. (Vaswani et al., 2017)
 * @throws ValueError when the heads do not divide dModel; ShapeError, DTypeError for inputs or masks that do not fit
 */
export class TransformerEncoderLayer extends Layer {
  static readonly type = "nn/TransformerEncoderLayer";
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  readonly normFirst: boolean;

  constructor(readonly dModel: number, readonly nHead: number, private readonly options: TransformerLayerOptions = {}) {
    super([dModel, nHead, jsonOptions(options)]);
    const where = "TransformerEncoderLayer";
    checkOptions(where, options, transformerKeys);
    const settings = resolved(where, dModel, options);
    const { dimFeedforward, dropout, layerNormEps: eps, bias, dtype, generator } = settings;
    this.selfAttn = new MultiheadAttention(dModel, nHead, attentionOptions(settings));
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype, ...generator });
    this.dropout = new Dropout(dropout, generator);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype, ...generator });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype });
    this.dropout1 = new Dropout(dropout, generator);
    this.dropout2 = new Dropout(dropout, generator);
    this.activation = activationOf(where, options.activation);
    this.normFirst = settings.normFirst;
  }

  forward(src: Tensor, options: EncoderCall = {}): Tensor {
    checkOptions("TransformerEncoderLayer", options, callKeys);
    const attend = (x: Tensor): Tensor => this.dropout1.forward(this.attention(x, options));
    const feed = (x: Tensor): Tensor => this.dropout2.forward(feedForward(this, x));
    if (this.normFirst) {
      const attended = src.add(attend(this.norm1.forward(src)));
      return attended.add(feed(this.norm2.forward(attended)));
    }
    const attended = this.norm1.forward(src.add(attend(src)));
    return this.norm2.forward(attended.add(feed(attended)));
  }

  /** A layer of the same settings with weights of its own. */
  another(): TransformerEncoderLayer {
    return new TransformerEncoderLayer(this.dModel, this.nHead, this.options);
  }

  private attention(x: Tensor, { srcMask, srcKeyPaddingMask, isCausal = false }: EncoderCall): Tensor {
    return this.selfAttn.forward(x, x, x, {
      ...(srcMask && { attnMask: srcMask }),
      ...(srcKeyPaddingMask && { keyPaddingMask: srcKeyPaddingMask }),
      isCausal,
      needWeights: false,
    }).output;
  }
}

/** A layer that an encoder can be made of. */
export interface EncoderPart extends StackPart {
  forward(src: Tensor, options?: EncoderCall): Tensor;
}

/**
 * Encoder layers one after the other: the one given and, made from the same arguments, others with weights of their own (PyTorch
 * copies the weights, too). Shapes: those of the layer.
 */
export class TransformerEncoder extends Layer {
  static readonly type = "nn/TransformerEncoder";
  readonly layers: readonly EncoderPart[];
  readonly norm: TensorModule | null;

  constructor(layer: EncoderPart, readonly numLayers: number, options: StackOptions = {}) {
    super([layer, numLayers, jsonOptions(options)]);
    this.layers = stackOf("TransformerEncoder", layer, numLayers, options);
    this.norm = options.norm ?? null;
  }

  forward(src: Tensor, options: EncoderCall = {}): Tensor {
    const encoded = this.layers.reduce((x, layer) => layer.forward(x, options), src);
    return this.norm === null ? encoded : this.norm.forward(encoded);
  }
}
