import { col2im, im2col, perDim, windowsOf } from "@dl/tensor";
import type { PerDim, Tensor, WindowOptions } from "@dl/tensor";
import { checkOptions } from "@dl/registry";
import { Layer } from "../../module/layer.js";
import { jsonOptions } from "../options.js";

function check(where: string, kernelSize: PerDim, options: WindowOptions): void {
  checkOptions(where, options, ["stride", "padding", "dilation"]);
  windowsOf(where, perDim(where, "kernelSize", kernelSize, 2, 1), options);
}

/** Every patch of an image as a column. Shapes: [N, C, H, W] → [N, C·KH·KW, H′·W′]. */
export class Unfold extends Layer {
  static readonly type = "nn/Unfold";

  constructor(readonly kernelSize: PerDim, readonly options: WindowOptions = {}) {
    super([kernelSize, jsonOptions(options)]);
    check("Unfold", kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return im2col(x, this.kernelSize, this.options);
  }
}

/** Adds columns of patches up to an image of `outputSize`; overlaps add. Shapes: [N, C·KH·KW, H′·W′] → [N, C, ...outputSize]. */
export class Fold extends Layer {
  static readonly type = "nn/Fold";

  constructor(readonly outputSize: PerDim, readonly kernelSize: PerDim, readonly options: WindowOptions = {}) {
    super([outputSize, kernelSize, jsonOptions(options)]);
    check("Fold", kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return col2im(x, this.outputSize, this.kernelSize, this.options);
  }
}
