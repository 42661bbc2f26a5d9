import { Activation, Dropout, LayerNorm, Linear, Module, inSequence } from "@dl/nn";
import type { RotaryEmbedding } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import type { AttentionPlan } from "../attention-plan.js";
import type { LayerMemory } from "../cache/key-value-cache.js";
import { passOnRecorded } from "../pass-on-recorded.js";
import { addedToNormed } from "../residual.js";
import type { GPTSettings } from "./options.js";
import { SelfAttention } from "./self-attention.js";

/** Position by position: c_proj(activation(c_fc(x))). */
class FeedForward extends Module {
  static readonly keepsNothing = true;
  readonly cFc: Linear;
  readonly act: Activation;
  readonly cProj: Linear;
  readonly dropout: Dropout;

  constructor({ dim, hiddenDim, dropout, bias, dtype, activation, random }: GPTSettings) {
    super();
    this.cFc = new Linear(dim, hiddenDim, { bias, dtype, ...random });
    this.act = new Activation(activation);
    this.cProj = new Linear(hiddenDim, dim, { bias, dtype, ...random });
    this.dropout = new Dropout(dropout, random);
  }

  forward(x: Tensor): Tensor {
    return inSequence([this.cFc, this.act, this.cProj, this.dropout], x);
  }
}

/** Attention and a feed-forward part, each added to what enters it. Shapes: [N, T, dim] → same. */
export class Block extends Module {
  static readonly keepsNothing = true;
  // The names of GPT-2's files.
  readonly ln_1: LayerNorm;
  readonly attn: SelfAttention;
  readonly ln_2: LayerNorm;
  readonly mlp: FeedForward;
  readonly normFirst: boolean;

  constructor(settings: GPTSettings, rotary: RotaryEmbedding | null) {
    super();
    const { dim, layerNormEps: eps, bias, dtype, normFirst } = settings;
    this.ln_1 = new LayerNorm(dim, { eps, bias, dtype });
    this.attn = new SelfAttention(settings, rotary);
    this.ln_2 = new LayerNorm(dim, { eps, bias, dtype });
    this.mlp = new FeedForward(settings);
    this.normFirst = normFirst;
  }

  forward(x: Tensor, plan: AttentionPlan, memory?: LayerMemory): Tensor {
    const { attn, mlp } = this;
    const attended = this.residual(x, this.ln_1, attn, (y) => attn.forward(y, plan, memory));
    const output = this.residual(attended, this.ln_2, mlp, (y) => mlp.forward(y));
    passOnRecorded(attended, output, this.ln_1, this.ln_2, attn, mlp);
    return output;
  }

  /** x + part(norm(x)), or norm(x + part(x)). */
  private residual(x: Tensor, norm: LayerNorm, module: Module, part: (x: Tensor) => Tensor): Tensor {
    if (this.normFirst) return addedToNormed(x, norm, module, part);
    const change = part(x);
    const sum = x.add(change);
    passOnRecorded(change, sum, module);
    const normed = norm.forward(sum);
    passOnRecorded(sum, normed, norm);
    return normed;
  }
}
