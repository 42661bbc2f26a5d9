import { ValueError, checkOptions } from "@dl/registry";
import { attentionWeights, scaledDotProductAttention, zeros } from "@dl/tensor";
import type { AttentionOptions, DType, Generator, Shape, Tensor } from "@dl/tensor";
import { constant } from "../../init/basic.js";
import { xavierNormal, xavierUniform } from "../../init/scaled.js";
import { Layer } from "../../module/layer.js";
import { parameter } from "../../module/parameter.js";
import type { Parameter } from "../../module/parameter.js";
import { Linear } from "../linear.js";
import { jsonOptions } from "../options.js";
import { checkProbability, checkSizes } from "../sizes.js";
import { batchedFirst, checkSequences, joinHeads, restored, splitHeads, withRow, withZeros } from "./heads.js";
import { attentionMask } from "./masks.js";
import type { AttentionMasks } from "./masks.js";

export interface MultiheadAttentionOptions {
  /** Probability of dropping an attention weight while training. Default 0. */
  readonly dropout?: number;
  /** Add learnt offsets to all projections. Default true. */
  readonly bias?: boolean;
  /** Features of the keys. Default embedDim. */
  readonly kdim?: number;
  /** Features of the values. Default embedDim. */
  readonly vdim?: number;
  /** Add a learnt key with its value to every sequence. Default false. */
  readonly addBiasKv?: boolean;
  /** Add a key and a value of zeros to every sequence. Default false. */
  readonly addZeroAttn?: boolean;
  /** Whether sequences are [N, L, ..] rather than [L, N, ..]. Default false. */
  readonly batchFirst?: boolean;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export interface MultiheadAttentionCall extends AttentionMasks {
  /** Give the attention maps, too; without them, memory grows with L + S rather than L · S. Default true. */
  readonly needWeights?: boolean;
  /** Average the maps over the heads. Default true. */
  readonly averageWeights?: boolean;
}

export interface MultiheadAttentionResult {
  readonly output: Tensor;
  /** [N, L, S], or [N, heads, L, S]; `null` when not asked for. In training those that dropout left. */
  readonly weights: Tensor | null;
}

const where = "MultiheadAttention";
const layerKeys = ["dropout", "bias", "kdim", "vdim", "addBiasKv", "addZeroAttn", "batchFirst", "dtype", "generator"];
const callKeys = ["keyPaddingMask", "attnMask", "isCausal", "needWeights", "averageWeights"];

/**
 * Attention by several heads at once: each projects queries, keys and values to embedDim/numHeads features of its own, takes
 * `scaledDotProductAttention`, and a last projection mixes what the heads found. (Vaswani et al., 2017)
 *
 * Shapes: query [L, N, embedDim], key [S, N, kdim], value [S, N, vdim] (batchFirst: [N, L, ..]; without a batch [L, ..]) → output
 * as the query; in_proj_weight [3·embedDim, embedDim], or q_proj_weight, k_proj_weight and v_proj_weight [embedDim, ..] where
 * kdim or vdim differ; in_proj_bias [3·embedDim]; out_proj.weight [embedDim, embedDim], out_proj.bias; bias_k and bias_v [1, 1, embedDim].
 * Projections start from Glorot's uniform distribution, biases from 0.
 *
 * Masks are PyTorch's for this layer: true = left out, the opposite of `scaledDotProductAttention`. A query that may attend to
 * nothing gets weights of 0, where PyTorch gives NaN.
 * @throws ValueError when the heads do not divide embedDim; ShapeError, DTypeError for inputs or masks that do not fit
 */
export class MultiheadAttention extends Layer {
  static readonly type = "nn/MultiheadAttention";
  readonly inProjWeight: Parameter | null = null;
  readonly qProjWeight: Parameter | null = null;
  readonly kProjWeight: Parameter | null = null;
  readonly vProjWeight: Parameter | null = null;
  readonly inProjBias: Parameter | null;
  readonly biasK: Parameter | null;
  readonly biasV: Parameter | null;
  readonly outProj: Linear;
  readonly kdim: number;
  readonly vdim: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  /** `null` for the default generator. */
  readonly generator: Generator | null;

  constructor(readonly embedDim: number, readonly numHeads: number, options: MultiheadAttentionOptions = {}) {
    super([embedDim, numHeads, jsonOptions(options)]);
    checkOptions(where, options, layerKeys);
    const { dropout = 0, bias = true, kdim = embedDim, vdim = embedDim, addBiasKv = false, dtype = "float32", generator } = options;
    checkSizes(where, { embedDim, numHeads, kdim, vdim });
    checkProbability(where, "dropout", dropout);
    if (embedDim % numHeads !== 0) {
      throw new ValueError(where, `${numHeads} heads do not divide embedDim ${embedDim}`, `Use a divisor of ${embedDim}`, { embedDim, numHeads });
    }
    this.kdim = kdim;
    this.vdim = vdim;
    this.dropout = dropout;
    this.batchFirst = options.batchFirst ?? false;
    this.addZeroAttn = options.addZeroAttn ?? false;
    this.generator = generator ?? null;

    const random = generator && { generator };
    const empty = (shape: Shape): Parameter => parameter(zeros(shape, { dtype }));
    if (kdim === embedDim && vdim === embedDim) {
      this.inProjWeight = xavierUniform(empty([3 * embedDim, embedDim]), random);
    } else {
      this.qProjWeight = xavierUniform(empty([embedDim, embedDim]), random);
      this.kProjWeight = xavierUniform(empty([embedDim, kdim]), random);
      this.vProjWeight = xavierUniform(empty([embedDim, vdim]), random);
    }
    this.inProjBias = bias ? empty([3 * embedDim]) : null;
    this.outProj = new Linear(embedDim, embedDim, { bias, dtype, ...random });
    if (this.outProj.bias !== null) constant(this.outProj.bias, 0);
    this.biasK = addBiasKv ? xavierNormal(empty([1, 1, embedDim]), random) : null;
    this.biasV = addBiasKv ? xavierNormal(empty([1, 1, embedDim]), random) : null;
  }

  /** Attends from the query to the keys; one tensor alone attends to itself. */
  forward(query: Tensor, key = query, value = key, options: MultiheadAttentionCall = {}): MultiheadAttentionResult {
    checkOptions(where, options, callKeys);
    const { batchFirst, numHeads } = this;
    checkSequences(where, query, key, value, { batchFirst, features: [this.embedDim, this.kdim, this.vdim] });
    const isBatched = query.ndim === 3;
    const [q, k, v] = this.projected([query, key, value].map((x) => batchedFirst(x, batchFirst)));
    const sizes = { batch: q.shape[0], heads: numHeads, queries: q.shape[2], keys: key.shape[isBatched && batchFirst ? 1 : 0] };
    const extra = k.shape[2] - sizes.keys;
    const mask = attentionMask(where, options, sizes, extra, query, isBatched);
    const settings: AttentionOptions = {
      ...(mask && { mask }),
      isCausal: options.isCausal === true && extra === 0,
      dropout: this.training ? this.dropout : 0,
      ...(this.generator && { generator: this.generator }),
    };
    const { needWeights = true, averageWeights = true } = options;
    const weights = needWeights ? attentionWeights(q, k, settings) : null;
    const mixed = joinHeads(weights === null ? scaledDotProductAttention(q, k, v, settings) : weights.matmul(v));
    const output = restored(this.outProj.forward(mixed), isBatched, batchFirst);
    const shown = weights !== null && averageWeights ? weights.mean(1) : weights;
    return { output, weights: shown !== null && !isBatched ? shown.squeeze(0) : shown };
  }

  /** Queries, keys and values of all heads, [N, heads, .., embedDim/heads], from sequences [N, .., features]. */
  private projected(sequences: readonly Tensor[]): Tensor[] {
    const { embedDim, numHeads, inProjBias } = this;
    const part = (x: Tensor, i: number): Tensor => x.slice(0, i * embedDim, (i + 1) * embedDim);
    const own = this.inProjWeight;
    const weights = own === null ? [this.qProjWeight, this.kProjWeight, this.vProjWeight].filter((weight) => weight !== null) : [0, 1, 2].map((i) => part(own, i));
    const extraRows = [null, this.biasK, this.biasV];
    return sequences.map((x, i) => {
      const product = x.matmul(weights[i].transpose());
      const projected = inProjBias === null ? product : product.add(part(inProjBias, i));
      const split = splitHeads(withRow(projected, extraRows[i]), numHeads);
      return this.addZeroAttn && i > 0 ? withZeros(split) : split;
    });
  }
}
