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
export interface DecoderCall {
  /** [T, T] or [N · heads, T, T]: bool, or float to add to the scores. */
  readonly tgtMask?: Tensor;
  /** [T, S] or [N · heads, T, S], for the attention to the memory. */
  readonly memoryMask?: Tensor;
  /** [N, T], padding of the target. */
  readonly tgtKeyPaddingMask?: Tensor;
  /** [N, S], padding of the memory. */
  readonly memoryKeyPaddingMask?: Tensor;
  /** Each position of the target attends to itself and those before it. Default false. */
  readonly tgtIsCausal?: boolean;
  /** Position i attends to positions 0 … i of the memory. Default false. */
  readonly memoryIsCausal?: boolean;
}

const callKeys = ["tgtMask", "memoryMask", "tgtKeyPaddingMask", "memoryKeyPaddingMask", "tgtIsCausal", "memoryIsCausal"];

const callOf = (attnMask: Tensor | undefined, keyPaddingMask: Tensor | undefined, isCausal = false): Parameters<MultiheadAttention["forward"]>[3] => ({
  ...(attnMask && { attnMask }),
  ...(keyPaddingMask && { keyPaddingMask }),
  isCausal,
  needWeights: false,
});

/**
 * Self-attention, attention to the encoder's memory, then a feed-forward part; the input of each part is added to its output, and
 * a LayerNorm stands behind that sum, or with `normFirst` before the part.
 * Shapes: tgt [T, N, dModel], memory [S, N, dModel] (batchFirst: [N, T, dModel], [N, S, dModel]) → as tgt. (Vaswani et al., 2017)
 * @throws ValueError when the heads do not divide dModel; ShapeError, DTypeError for inputs or masks that do not fit
 */
export class TransformerDecoderLayer extends Layer {
  static readonly type = "nn/TransformerDecoderLayer";
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  readonly normFirst: boolean;

  constructor(readonly dModel: number, readonly nHead: number, private readonly options: TransformerLayerOptions = {}) {
    super([dModel, nHead, jsonOptions(options)]);
    const where = "TransformerDecoderLayer";
    checkOptions(where, options, transformerKeys);
    const settings = resolved(where, dModel, options);
    const { dimFeedforward, dropout, layerNormEps: eps, bias, dtype, generator } = settings;
    const norm = (): LayerNorm => new LayerNorm(dModel, { eps, bias, dtype });
    this.selfAttn = new MultiheadAttention(dModel, nHead, attentionOptions(settings));
    this.multiheadAttn = new MultiheadAttention(dModel, nHead, attentionOptions(settings));
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype, ...generator });
    this.dropout = new Dropout(dropout, generator);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype, ...generator });
    this.norm1 = norm();
    this.norm2 = norm();
    this.norm3 = norm();
    this.dropout1 = new Dropout(dropout, generator);
    this.dropout2 = new Dropout(dropout, generator);
    this.dropout3 = new Dropout(dropout, generator);
    this.activation = activationOf(where, options.activation);
    this.normFirst = settings.normFirst;
  }

  forward(tgt: Tensor, memory: Tensor, options: DecoderCall = {}): Tensor {
    checkOptions("TransformerDecoderLayer", options, callKeys);
    const { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal, memoryIsCausal } = options;
    const own = callOf(tgtMask, tgtKeyPaddingMask, tgtIsCausal);
    const across = callOf(memoryMask, memoryKeyPaddingMask, memoryIsCausal);
    const parts: readonly (readonly [norm: LayerNorm, part: (x: Tensor) => Tensor])[] = [
      [this.norm1, (x) => this.dropout1.forward(this.selfAttn.forward(x, x, x, own).output)],
      [this.norm2, (x) => this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, across).output)],
      [this.norm3, (x) => this.dropout3.forward(feedForward(this, x))],
    ];
    return parts.reduce((x, [norm, part]) => (this.normFirst ? x.add(part(norm.forward(x))) : norm.forward(x.add(part(x)))), tgt);
  }

  /** A layer of the same settings with weights of its own. */
  another(): TransformerDecoderLayer {
    return new TransformerDecoderLayer(this.dModel, this.nHead, this.options);
  }
}

/** A layer that a decoder can be made of. */
export interface DecoderPart extends StackPart {
  forward(tgt: Tensor, memory: Tensor, options?: DecoderCall): Tensor;
}

/**
 * Decoder layers one after the other, all of which see the memory: the one given and, made from the same arguments, others with
 * weights of their own (PyTorch copies the weights, too). Shapes: those of the layer.
 */
export class TransformerDecoder extends Layer {
  static readonly type = "nn/TransformerDecoder";
  readonly layers: readonly DecoderPart[];
  readonly norm: TensorModule | null;

  constructor(layer: DecoderPart, readonly numLayers: number, options: StackOptions = {}) {
    super([layer, numLayers, jsonOptions(options)]);
    this.layers = stackOf("TransformerDecoder", layer, numLayers, options);
    this.norm = options.norm ?? null;
  }

  forward(tgt: Tensor, memory: Tensor, options: DecoderCall = {}): Tensor {
    const decoded = this.layers.reduce((x, layer) => layer.forward(x, memory, options), tgt);
    return this.norm === null ? decoded : this.norm.forward(decoded);
  }
}
