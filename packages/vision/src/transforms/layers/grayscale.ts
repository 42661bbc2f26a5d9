import { ValueError } from "@dl/registry";
import { ChanceTransform, type ChanceOptions } from "../base/chance.js";
import { Transform } from "../base/transform.js";
import { recoloured, type Edit } from "../edits/edit.js";
import { rgbToGrayscale } from "../functional/colour.js";
import type { Canvas } from "../geometry/canvas.js";

/**
 * Grey pictures: 0.2989·red + 0.587·green + 0.114·blue. Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → [.., numOutputChannels, H, W].
 * @param numOutputChannels 1 (default), or 3 for the same value three times
 * @throws ValueError for another number
 */
export class Grayscale extends Transform {
  static readonly type = "vision/Grayscale";

  constructor(readonly numOutputChannels: number = 1) {
    super([numOutputChannels], {});
    if (numOutputChannels === 1 || numOutputChannels === 3) return;
    throw new ValueError(this.where, `numOutputChannels is ${numOutputChannels}`, "Use 1 or 3", { numOutputChannels });
  }

  override draw(canvas: Canvas): Edit {
    return recoloured(canvas, (images) => rgbToGrayscale(images, this.numOutputChannels), this.numOutputChannels);
  }
}

/**
 * Makes each picture grey with probability p, 0.1 by default, and keeps its channels. Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → the same.
 * @throws ValueError unless 0 ≤ p ≤ 1
 */
export class RandomGrayscale extends ChanceTransform {
  static readonly type = "vision/RandomGrayscale";
  constructor(options: ChanceOptions = {}) { super([], options, [], 0.1); }
  protected override drawChosen(canvas: Canvas): Edit { return recoloured(canvas, (images) => rgbToGrayscale(images, canvas.channels)); }
}
