import { TransformerDecoderLayer } from "@dl/nn";
import type { DecoderPart, LayerNorm, MultiheadAttention } from "@dl/nn";
import { StateError } from "@dl/registry";
import { attentionWeights, linear, logicalNot, scaledDotProductAttention } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Growing, rowsOf } from "../../language-models/cache/growing.js";
import type { LayerMemory } from "../../language-models/cache/key-value-cache.js";
import type { Memory } from "../memory.js";

/** Part of a projection: queries, keys or values. */
type Part = 0 | 1 | 2;

/** One of an attention's projections, split into heads. Shapes: [N, L, dim] → [N, heads, L, dim/heads]. */
function project({ inProjWeight, inProjBias, embedDim, numHeads }: MultiheadAttention, x: Tensor, part: Part): Tensor {
  if (inProjWeight === null) throw new StateError("TransformerTokenDecoder", "an attention of the decoder has keys of another size", "Make the decoder's layers without kdim and vdim");
  const rows = (parameter: Tensor): Tensor => parameter.slice(0, part * embedDim, (part + 1) * embedDim);
  const projected = linear(x, rows(inProjWeight), inProjBias === null ? null : rows(inProjBias));
  return projected.reshape([x.shape[0], x.shape[1], numHeads, embedDim / numHeads]).permute([0, 2, 1, 3]);
}

/** What heads found, joined and mixed. Shapes: [N, heads, L, dim/heads] → [N, L, dim]. */
const joined = ({ outProj }: MultiheadAttention, heads: Tensor): Tensor => outProj.forward(heads.permute([0, 2, 1, 3]).flatten(2));

/** A layer's output, and how much its heads attend to the memory, [N, heads, T, S]. */
interface Ran {
  readonly output: Tensor;
  readonly attention: Tensor;
}

/**
 * A decoder layer of nn that remembers: keys and values of the ids read so far, and those of the memory, which never change. What it gives is what
 * the layer's own forward gives for all ids at once, in evaluation.
 */
export class CachedLayer {
  readonly #layer: TransformerDecoderLayer;
  readonly #own: LayerMemory = { keys: new Growing(), values: new Growing() };
  #keys: Tensor;
  #values: Tensor;

  /** @throws StateError for another layer than nn's */
  constructor(layer: DecoderPart, { values }: Memory) {
    if (!(layer instanceof TransformerDecoderLayer)) {
      throw new StateError(
        "TransformerTokenDecoder",
        `a layer of the decoder is a ${layer.constructor.name}`,
        "Only TransformerDecoderLayer can go on step by step",
      );
    }
    this.#layer = layer;
    this.#keys = project(layer.multiheadAttn, values, 1);
    this.#values = project(layer.multiheadAttn, values, 2);
  }

  selectRows(rows: readonly number[]): void {
    this.#own.keys.selectRows(rows);
    this.#own.values.selectRows(rows);
    this.#keys = rowsOf(this.#keys, rows);
    this.#values = rowsOf(this.#values, rows);
  }

  /** Reads more places. Several at once must be the first ones. Shapes: x [N, T, dim]; padding bool [N, S]. */
  forward(x: Tensor, padding: Tensor | null): Ran {
    const { norm1, norm2, norm3, linear1, linear2, activation } = this.#layer;
    const attended = this.#around(x, norm1, (y) => this.#attendToOwn(y));
    const crossed: Tensor[] = [];
    const informed = this.#around(attended, norm2, (y) => {
      const { output, attention } = this.#attendToMemory(y, padding);
      crossed.push(attention);
      return output;
    });
    const output = this.#around(informed, norm3, (y) => linear2.forward(activation(linear1.forward(y))));
    return { output, attention: crossed[0] };
  }

  #around(x: Tensor, norm: LayerNorm, part: (x: Tensor) => Tensor): Tensor {
    return this.#layer.normFirst ? x.add(part(norm.forward(x))) : norm.forward(x.add(part(x)));
  }

  #attendToOwn(x: Tensor): Tensor {
    const { selfAttn } = this.#layer;
    const [query, key, value] = ([0, 1, 2] as const).map((part) => project(selfAttn, x, part));
    const isCausal = x.shape[1] > 1;
    return joined(selfAttn, scaledDotProductAttention(query, this.#own.keys.append(key), this.#own.values.append(value), { isCausal }));
  }

  #attendToMemory(x: Tensor, padding: Tensor | null): Ran {
    const { multiheadAttn } = this.#layer;
    const mask = padding === null ? {} : { mask: logicalNot(padding).unsqueeze(1).unsqueeze(1) };
    const attention = attentionWeights(project(multiheadAttn, x, 0), this.#keys, mask);
    return { output: joined(multiheadAttn, attention.matmul(this.#values)), attention };
  }
}
