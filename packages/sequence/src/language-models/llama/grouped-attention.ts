import { Dropout, Linear, Module, passOn } from "@dl/nn";
import type { RotaryEmbedding } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { attend, remembered } from "../attention-plan.js";
import type { AttentionPlan } from "../attention-plan.js";
import type { LayerMemory } from "../cache/key-value-cache.js";
import type { LlamaSettings } from "./options.js";

/** Causal attention in which several heads of queries share one of keys and values. Shapes: [N, T, dim] → same. */
export class GroupedAttention extends Module {
  static readonly keepsNothing = true;
  readonly wq: Linear;
  readonly wk: Linear;
  readonly wv: Linear;
  readonly wo: Linear;
  readonly residDropout: Dropout;
  readonly heads: number;
  readonly kvHeads: number;
  readonly dropout: number;

  constructor({ dim, heads, kvHeads, dropout, dtype, random }: LlamaSettings, readonly rotary: RotaryEmbedding) {
    super();
    const shared = (dim / heads) * kvHeads;
    const plain = { bias: false, dtype, ...random };
    this.wq = new Linear(dim, dim, plain);
    this.wk = new Linear(dim, shared, plain);
    this.wv = new Linear(dim, shared, plain);
    this.wo = new Linear(dim, dim, plain);
    this.residDropout = new Dropout(dropout, random);
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.dropout = dropout;
  }

  forward(x: Tensor, plan: AttentionPlan, memory?: LayerMemory): Tensor {
    const { wo, residDropout, rotary, kvHeads } = this;
    const [n, steps, dim] = x.shape;
    // Products of turned vectors depend on distances only, which padding does not change: the plain offset will do.
    const turn = (y: Tensor): Tensor => rotary.forward(y, { offset: plan.offset });
    const query = turn(this.split(this.wq, x, this.heads));
    const [keys, values] = remembered(turn(this.split(this.wk, x, kvHeads)), this.split(this.wv, x, kvHeads), memory);
    const grouped = query.reshape([n, kvHeads, -1, steps, query.shape[3]]);
    const barred = plan.mask === null ? plan : { ...plan, mask: plan.mask.ndim === 4 ? plan.mask.unsqueeze(1) : plan.mask };
    const dropping = { dropout: this.training ? this.dropout : 0, generator: residDropout.generator };
    const mixed = attend(grouped, keys.unsqueeze(2), values.unsqueeze(2), barred, dropping);
    const joined = mixed.reshape([n, this.heads, steps, query.shape[3]]).permute([0, 2, 1, 3]).reshape([n, steps, dim]);
    passOn(mixed, joined);
    const output = wo.forward(joined);
    passOn(joined, output, wo);
    const dropped = residDropout.forward(output);
    passOn(output, dropped, wo, residDropout);
    return dropped;
  }

  /** [N, T, dim] → [N, heads, T, E]. */
  private split(layer: Linear, x: Tensor, heads: number): Tensor {
    const [n, steps] = x.shape;
    return layer.forward(x).reshape([n, steps, heads, -1]).permute([0, 2, 1, 3]);
  }
}
