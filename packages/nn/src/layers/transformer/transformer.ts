import { checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { xavierUniform } from "../../init/scaled.js";
import { Layer } from "../../module/layer.js";
import { LayerNorm } from "../norm/layer-norm.js";
import { jsonOptions } from "../options.js";
import { TransformerDecoder, TransformerDecoderLayer } from "./decoder.js";
import type { DecoderCall } from "./decoder.js";
import { TransformerEncoder, TransformerEncoderLayer } from "./encoder.js";
import type { EncoderCall } from "./encoder.js";
import { resolved, transformerKeys } from "./options.js";
import type { TransformerLayerOptions } from "./options.js";

export interface TransformerOptions extends TransformerLayerOptions {
  /** Default 6. */
  readonly numEncoderLayers?: number;
  /** Default 6. */
  readonly numDecoderLayers?: number;
}

export interface TransformerCall extends Pick<EncoderCall, "srcMask" | "srcKeyPaddingMask">, DecoderCall {
  /** Each position of the source attends to itself and those before it. Default false. */
  readonly srcIsCausal?: boolean;
}

const callKeys = [
  "srcMask", "srcKeyPaddingMask", "srcIsCausal", "tgtMask", "memoryMask", "tgtKeyPaddingMask", "memoryKeyPaddingMask", "tgtIsCausal", "memoryIsCausal",
];

/**
 * Encoder and decoder with a LayerNorm behind each; embeddings and positions are the caller's. Matrices start from Glorot's uniform
 * distribution.
 * Shapes: src [S, N, dModel], tgt [T, N, dModel] (batchFirst: [N, S, dModel], [N, T, dModel]) → as tgt. (Vaswani et al., 2017)
 * @throws ValueError, ShapeError, DTypeError as its layers
 */
export class Transformer extends Layer {
  static readonly type = "nn/Transformer";
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerDecoder;

  constructor(readonly dModel = 512, readonly nHead = 8, options: TransformerOptions = {}) {
    super([dModel, nHead, jsonOptions(options)]);
    checkOptions("Transformer", options, [...transformerKeys, "numEncoderLayers", "numDecoderLayers"]);
    const { numEncoderLayers = 6, numDecoderLayers = 6, ...own } = options;
    const { layerNormEps: eps, bias, dtype, generator } = resolved("Transformer", dModel, own);
    const norm = (): LayerNorm => new LayerNorm(dModel, { eps, bias, dtype });
    this.encoder = new TransformerEncoder(new TransformerEncoderLayer(dModel, nHead, own), numEncoderLayers, { norm: norm() });
    this.decoder = new TransformerDecoder(new TransformerDecoderLayer(dModel, nHead, own), numDecoderLayers, { norm: norm() });
    for (const p of this.parameters()) if (p.ndim > 1) xavierUniform(p, generator);
  }

  forward(src: Tensor, tgt: Tensor, options: TransformerCall = {}): Tensor {
    checkOptions("Transformer", options, callKeys);
    const { srcMask, srcKeyPaddingMask, srcIsCausal = false, ...decoding } = options;
    const memory = this.encoder.forward(src, { ...(srcMask && { srcMask }), ...(srcKeyPaddingMask && { srcKeyPaddingMask }), isCausal: srcIsCausal });
    return this.decoder.forward(tgt, memory, decoding);
  }
}
