import { ValueError } from "@dl/registry";
import { dynamicK, kMaxPool1d } from "@dl/tensor";
import type { DynamicKOptions, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";

/**
 * The k largest elements along the last dim, in their order. k is a number, or worked out from the length by `dynamicK`.
 * Shapes: [.., L] → [.., k]. (Kalchbrenner et al., 2014)
 * @throws ShapeError when there are fewer than k elements
 */
export class KMaxPool1d extends Layer {
  static readonly type = "nn/KMaxPool1d";

  constructor(readonly k: number | DynamicKOptions) {
    super([k]);
    const least = typeof k === "number" ? k : k.top;
    if (!Number.isSafeInteger(least) || least < 1) throw new ValueError("KMaxPool1d", `k is ${String(least)}`, "Give a whole number of at least 1, or { layer, layers, top }", { k });
  }

  forward(x: Tensor): Tensor {
    return kMaxPool1d(x, typeof this.k === "number" ? this.k : dynamicK(x.shape.at(-1) ?? 0, this.k));
  }
}
