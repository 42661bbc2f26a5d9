import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { cat, elementwise, showShape, stack, tensor } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import { buffer } from "../../module/parameter.js";
import type { Buffer } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import { checkSizes } from "../sizes.js";
import { checkBase } from "./encodings.js";
import { positionRows } from "./table.js";
import type { PositionCall } from "./table.js";

export interface RotaryEmbeddingOptions {
  /** Greatest number of positions. Default 4096. */
  readonly maxLength?: number;
  /** The wavelengths grow from 2π to 2π·base. Default 10000. */
  readonly base?: number;
  /** Turn neighbours 2i and 2i + 1 together, as the paper (default), or i and i + dim/2, as LLaMA's files want it. */
  readonly interleaved?: boolean;
  /** Dtype of the tables. Default float32. */
  readonly dtype?: DType;
}

const turnedX = /* @__PURE__ */ elementwise("turnedX", (x, y, cos, sin) => x.mul(cos).sub(y.mul(sin)));
const turnedY = /* @__PURE__ */ elementwise("turnedY", (x, y, cos, sin) => x.mul(sin).add(y.mul(cos)));

/**
 * Turns pairs of features by angles that grow with the position, p·base^(−2i/dim): products of a turned query and a turned key then
 * depend on their distance only. Apply it to queries and keys before `scaledDotProductAttention`.
 * Shapes: [.., T, dim] → same. (Su et al., 2021)
 * @throws ValueError for an odd dim; ShapeError for a sequence beyond maxLength, or another dim
 */
export class RotaryEmbedding extends Layer {
  static readonly type = "nn/RotaryEmbedding";
  /** [maxLength, dim/2]; files need not hold it. */
  readonly cos: Buffer;
  /** [maxLength, dim/2]; files need not hold it. */
  readonly sin: Buffer;
  readonly interleaved: boolean;

  constructor(readonly dim: number, options: RotaryEmbeddingOptions = {}) {
    super([dim, jsonOptions(options)]);
    const where = "RotaryEmbedding";
    checkOptions(where, options, ["maxLength", "base", "interleaved", "dtype"]);
    const { maxLength = 4096, base = 10000, interleaved = true, dtype = "float32" } = options;
    checkSizes(where, { dim, maxLength });
    if (dim % 2 !== 0) throw new ValueError(where, `dim is ${dim}`, "Give an even number: features turn in pairs", { dim });
    checkBase(where, base);
    this.interleaved = interleaved;
    const half = dim / 2;
    const table = (wave: (angle: number) => number): Buffer => {
      const values = Float64Array.from({ length: maxLength * half }, (_, k) => wave(Math.floor(k / half) * base ** ((-2 * (k % half)) / dim)));
      return buffer(tensor(values, { shape: [maxLength, half], dtype }), { persistent: false });
    };
    this.cos = table(Math.cos);
    this.sin = table(Math.sin);
  }

  forward(x: Tensor, options: PositionCall = {}): Tensor {
    if (x.ndim < 2 || x.shape[x.ndim - 1] !== this.dim) {
      throw new ShapeError("RotaryEmbedding", `expected x of shape [.., T, ${this.dim}], got ${showShape(x.shape)}`, "Split the heads first: it works on the features of one head", { shape: x.shape });
    }
    const half = this.dim / 2;
    const [a, b] = this.interleaved ? [x.slice(-1, 0, this.dim, 2), x.slice(-1, 1, this.dim, 2)] : [x.slice(-1, 0, half), x.slice(-1, half)];
    const [cos, sin] = [this.cos, this.sin].map((table) => positionRows("RotaryEmbedding", table, x.shape[x.ndim - 2], options));
    const turned = [turnedX(a, b, cos, sin), turnedY(a, b, cos, sin)];
    return this.interleaved ? stack(turned, -1).flatten(-2) : cat(turned, -1);
  }
}
