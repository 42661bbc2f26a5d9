import { ShapeError } from "@dl/registry";
import { showShape, type Tensor } from "@dl/tensor";
import { asBatch } from "../../filters/filter2d.js";
import { checkImage } from "../../image/check-image.js";
import { Transform } from "../base/transform.js";
import { recoloured, type Edit } from "../edits/edit.js";
import { checkSpread, normalize } from "../functional/normalize.js";
import type { Canvas } from "../geometry/canvas.js";

const list = (x: Tensor): number[] => Array.from(x.dataSync());

/**
 * (x − mean) / std, channel by channel. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param mean one number, or one per channel; so is `std`
 * @throws ValueError for a std that is not above 0; ShapeError, when used, for another count than that of the channels
 */
export class Normalize extends Transform {
  static readonly type = "vision/Normalize";

  constructor(readonly mean: number | readonly number[], readonly std: number | readonly number[]) {
    super([mean, std], {});
    checkSpread(this.where, std);
  }

  /**
   * What gives these pictures mean 0 and variance 1 in every channel: from the pictures of a training set.
   * Shapes: [C, H, W] or [N, C, H, W].
   * @throws ValueError when a channel has a single value; ShapeError without pictures
   */
  static fit(images: Tensor): Normalize {
    checkImage("Normalize.fit", images);
    const batch = asBatch("Normalize.fit", images);
    if (batch.size === 0) {
      throw new ShapeError("Normalize.fit", `the images have shape ${showShape(images.shape)}`, "Give at least one", { shape: images.shape });
    }
    const mean = batch.mean([0, 2, 3], { keepDim: true });
    const std = batch.sub(mean).square().mean([0, 2, 3]).sqrt();
    return new Normalize(list(mean), list(std));
  }

  override draw(canvas: Canvas): Edit {
    return recoloured(canvas, (images) => normalize(images, this.mean, this.std));
  }
}
