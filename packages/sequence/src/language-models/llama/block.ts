import { Dropout, Linear, Module, RMSNorm, passOn } from "@dl/nn";
import type { RotaryEmbedding } from "@dl/nn";
import { elementwise } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { AttentionPlan } from "../attention-plan.js";
import type { LayerMemory } from "../cache/key-value-cache.js";
import { passOnRecorded } from "../pass-on-recorded.js";
import { addedToNormed } from "../residual.js";
import { GroupedAttention } from "./grouped-attention.js";
import type { LlamaSettings } from "./options.js";

const gated = /* @__PURE__ */ elementwise("swiGLU", (gate, x) => gate.mul(gate.sigmoid()).mul(x));

/** w2·(silu(w1·x) ⊙ w3·x), position by position. (Shazeer, 2020) */
class SwiGLU extends Module {
  static readonly keepsNothing = true;
  readonly w1: Linear;
  readonly w2: Linear;
  readonly w3: Linear;
  readonly dropout: Dropout;

  constructor({ dim, hiddenDim, dropout, dtype, random }: LlamaSettings) {
    super();
    const plain = { bias: false, dtype, ...random };
    this.w1 = new Linear(dim, hiddenDim, plain);
    this.w2 = new Linear(hiddenDim, dim, plain);
    this.w3 = new Linear(dim, hiddenDim, plain);
    this.dropout = new Dropout(dropout, random);
  }

  forward(x: Tensor): Tensor {
    const { w1, w2, w3, dropout } = this;
    const [gate, value] = [w1.forward(x), w3.forward(x)];
    const hidden = gated(gate, value);
    passOn(gate, hidden, w1);
    passOn(value, hidden, w3);
    const output = w2.forward(hidden);
    passOn(hidden, output, w2);
    const dropped = dropout.forward(output);
    passOn(output, dropped, w2, dropout);
    return dropped;
  }
}

/** Attention and a feed-forward part, each of what is normalised, each added to what enters it. Shapes: [N, T, dim] → same. */
export class LlamaBlock extends Module {
  static readonly keepsNothing = true;
  // The names of LLaMA's files.
  readonly attention: GroupedAttention;
  readonly feedForward: SwiGLU;
  readonly attentionNorm: RMSNorm;
  readonly ffnNorm: RMSNorm;

  constructor(settings: LlamaSettings, rotary: RotaryEmbedding) {
    super();
    const { dim, normEps: eps, dtype } = settings;
    this.attention = new GroupedAttention(settings, rotary);
    this.feedForward = new SwiGLU(settings);
    this.attentionNorm = new RMSNorm(dim, { eps, dtype });
    this.ffnNorm = new RMSNorm(dim, { eps, dtype });
  }

  forward(x: Tensor, plan: AttentionPlan, memory?: LayerMemory): Tensor {
    const { attention, feedForward } = this;
    const attended = addedToNormed(x, this.attentionNorm, attention, (y) => attention.forward(y, plan, memory));
    const output = addedToNormed(attended, this.ffnNorm, feedForward, (y) => feedForward.forward(y));
    passOnRecorded(attended, output, this.attentionNorm, this.ffnNorm, attention, feedForward);
    return output;
  }
}
