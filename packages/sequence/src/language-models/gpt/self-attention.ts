import { Dropout, Linear, Module, passOn } from "@dl/nn";
import type { RotaryEmbedding } from "@dl/nn";
import { attentionWeights } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { attend, remembered } from "../attention-plan.js";
import type { AttentionPlan } from "../attention-plan.js";
import type { LayerMemory } from "../cache/key-value-cache.js";
import type { GPTSettings } from "./options.js";

/** Each token attends to itself and those before it. Shapes: [N, T, dim] → same. */
export class SelfAttention extends Module {
  static readonly keepsNothing = true;
  /** Queries, keys and values of all heads, one below the other. */
  readonly cAttn: Linear;
  readonly cProj: Linear;
  readonly residDropout: Dropout;
  readonly heads: number;
  readonly dropout: number;

  /** @param rotary what turns queries and keys, where positions are told so */
  constructor({ dim, heads, dropout, bias, dtype, random }: GPTSettings, readonly rotary: RotaryEmbedding | null) {
    super();
    this.cAttn = new Linear(dim, 3 * dim, { bias, dtype, ...random });
    this.cProj = new Linear(dim, dim, { bias, dtype, ...random });
    this.residDropout = new Dropout(dropout, random);
    this.heads = heads;
    this.dropout = dropout;
  }

  forward(x: Tensor, plan: AttentionPlan, memory?: LayerMemory): Tensor {
    const { cAttn, cProj, residDropout } = this;
    const projected = cAttn.forward(x);
    const mixed = this.mix(projected, plan, memory);
    passOn(projected, mixed, cAttn);
    const joined = mixed.permute([0, 2, 1, 3]).flatten(2);
    passOn(mixed, joined);
    const output = cProj.forward(joined);
    passOn(joined, output, cProj);
    const dropped = residDropout.forward(output);
    passOn(output, dropped, cProj, residDropout);
    return dropped;
  }

  /** How much each token attends to itself and those before it, head by head. Shapes: x [N, T, dim] → [N, heads, T, T]. */
  weights(x: Tensor, { offset, mask, isCausal }: AttentionPlan): Tensor {
    const [query, key] = this.perHead(this.cAttn.forward(x), offset);
    return attentionWeights(query, key, { isCausal, ...(mask && { mask }) });
  }

  /** [N, T, 3·dim] → [N, heads, T, dim/heads]. */
  private mix(projected: Tensor, plan: AttentionPlan, memory: LayerMemory | undefined): Tensor {
    const [query, key, value] = this.perHead(projected, plan.offset);
    const [keys, values] = remembered(key, value, memory);
    return attend(query, keys, values, plan, { dropout: this.training ? this.dropout : 0, generator: this.residDropout.generator });
  }

  /** Queries, keys and values of each head, the first two turned where positions are told so. [N, T, 3·dim] → [N, heads, T, dim/heads] each. */
  private perHead(projected: Tensor, offset: number): readonly [query: Tensor, key: Tensor, value: Tensor] {
    const { heads, rotary } = this;
    const [n, steps, width] = projected.shape;
    const parts = projected.reshape([n, steps, 3, heads, width / (3 * heads)]).permute([2, 0, 3, 1, 4]);
    // Products of turned vectors depend on distances only, which padding does not change: the plain offset will do.
    const turn = (y: Tensor): Tensor => (rotary === null ? y : rotary.forward(y, { offset }));
    return [turn(parts.select(0, 0)), turn(parts.select(0, 1)), parts.select(0, 2)];
  }
}
