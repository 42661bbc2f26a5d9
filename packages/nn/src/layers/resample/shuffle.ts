import { checkWhole } from "@dl/registry";
import { channelShuffle, pixelShuffle, pixelUnshuffle } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";

/** Lays r² channels out as r × r pixels. Shapes: [.., C·r², H, W] → [.., C, H·r, W·r]. (Shi et al., 2016) */
export class PixelShuffle extends Layer {
  static readonly type = "nn/PixelShuffle";

  constructor(readonly upscaleFactor: number) {
    super([upscaleFactor]);
    checkWhole("PixelShuffle", "upscaleFactor", upscaleFactor, 1);
  }

  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }
}

/** Undoes PixelShuffle. Shapes: [.., C, H·r, W·r] → [.., C·r², H, W]. */
export class PixelUnshuffle extends Layer {
  static readonly type = "nn/PixelUnshuffle";

  constructor(readonly downscaleFactor: number) {
    super([downscaleFactor]);
    checkWhole("PixelUnshuffle", "downscaleFactor", downscaleFactor, 1);
  }

  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }
}

/** Deals the channels of each group out to all groups. Shapes: [N, C, ..] → same. (Zhang et al., 2018) */
export class ChannelShuffle extends Layer {
  static readonly type = "nn/ChannelShuffle";

  constructor(readonly groups: number) {
    super([groups]);
    checkWhole("ChannelShuffle", "groups", groups, 1);
  }

  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }
}
