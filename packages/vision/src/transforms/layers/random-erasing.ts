import { checkNumber, checkPositive } from "@dl/registry";
import { tensor, type Generator, type Tensor } from "@dl/tensor";
import { ChanceTransform, type ChanceOptions } from "../base/chance.js";
import { checkRange, drawnByRatio, drawnFrom, forEach, type Range } from "../base/ranges.js";
import type { Window } from "../edits/crops.js";
import { recoloured, type Edit } from "../edits/edit.js";
import { withPatch } from "../edits/patches.js";
import type { Canvas } from "../geometry/canvas.js";
import { perChannel } from "../geometry/sampling.js";

type Erasure = number | readonly number[] | "random";

export interface RandomErasingOptions extends ChanceOptions {
  /** [least, most] of the picture's area that is erased, 0 to 1. Default [0.02, 0.33]. */
  readonly scale?: Range;
  /** [least, most] height of the window by its width. Default [0.3, 3.3]. */
  readonly ratio?: Range;
  /** What comes in its place: one number, one per channel, or "random" for numbers from the standard normal distribution. Default 0. */
  readonly value?: Erasure;
}

/** How often a window is drawn that does not fit, until the picture stays as it is. */
const attempts = 10;

const nothing: Window = { top: 0, left: 0, height: 0, width: 0 };

/** A colour, or numbers of their own for every pixel, which are drawn now. */
function patchOf(where: string, canvas: Canvas, value: Erasure, generator: Generator): (images: Tensor) => Tensor {
  if (value !== "random") return (images) => perChannel(where, "value", value, images);
  const { count, channels, height, width } = canvas;
  const noise = new Float32Array(count * channels * height * width);
  generator.fillNormal(noise);
  return ({ backend, dtype }) => tensor(noise, { shape: [count, channels, height, width], backend }).to(dtype);
}

/**
 * Erases a window of each picture with probability p, 0.5 by default, of random area and shape; masks, boxes and keypoints stay.
 * Shapes: [C, H, W] or [N, C, H, W] → the same. (Zhong et al., 2020)
 * @throws ValueError for ranges out of bounds; ShapeError, when used, for another number of values than channels
 */
export class RandomErasing extends ChanceTransform {
  static readonly type = "vision/RandomErasing";
  readonly scale: Range;
  readonly ratio: Range;

  constructor(readonly options: RandomErasingOptions = {}) {
    super([], options, ["scale", "ratio", "value"]);
    const { scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
    this.scale = checkRange(this.where, "scale", scale, 0, 1);
    this.ratio = checkRange(this.where, "ratio", ratio, 0);
    checkPositive(this.where, "ratio", ratio[0]);
    if (value !== "random") for (const one of [value].flat()) checkNumber(this.where, "value", one);
  }

  protected override drawChosen(canvas: Canvas, generator: Generator): Edit {
    const windows = forEach(canvas.count, () => this.#window(canvas, generator));
    const patch = patchOf(this.where, canvas, this.options.value ?? 0, generator);
    return recoloured(canvas, (images) => withPatch(images, patch(images), windows));
  }

  #window(canvas: Canvas, generator: Generator): Window {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const area = canvas.height * canvas.width * drawnFrom(generator, this.scale);
      const ratio = drawnByRatio(generator, this.ratio);
      const [height, width] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))];
      if (height < canvas.height && width < canvas.width) {
        return { top: generator.int(canvas.height - height + 1), left: generator.int(canvas.width - width + 1), height, width };
      }
    }
    return nothing;
  }
}
