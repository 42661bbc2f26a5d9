import { jsonOptions, Layer } from "@dl/nn";
import type { Batch } from "@dl/data";
import { ValueError, checkOptions } from "@dl/registry";
import { defaultGenerator, isGenerator, isTensor, type Generator, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../../filters/filter2d.js";
import { checkImage } from "../../image/check-image.js";
import type { Edit } from "../edits/edit.js";
import { canvasOf, type Canvas } from "../geometry/canvas.js";
import { changedParts, type ImageSample } from "./sample.js";

export interface TransformOptions {
  /**
   * Where parameters come from; by default the generator that `manualSeed` seeds. Of transforms inside of another one that of the outermost
   * counts. Part of a training's state, not of the transform's JSON.
   */
  readonly generator?: Generator;
}

/** What batches of a data set can pass through; see `transformed`. */
export interface BatchTransform {
  /** @param target what y is: nothing that moves with the picture (default), or its mask */
  forwardBatch(batch: Batch, generator?: Generator, target?: "mask"): Batch;
}

function generatorIn(where: string, options: object): Generator | null {
  const generator: unknown = "generator" in options ? options.generator : undefined;
  if (generator === undefined || isGenerator(generator)) return generator ?? null;
  throw new ValueError(where, `generator is ${typeof generator}`, "Give a generator: new Generator(seed)");
}

/**
 * Changes pictures and what belongs to them. Parameters are drawn once for each picture, and applied to its mask, boxes and keypoints, too.
 *
 *     const augment = new Compose([new RandomHorizontalFlip(), new RandomAffine(10, { translate: [0.1, 0.1] })]);
 *     augment.forward(image); // a picture [C, H, W]
 *     augment.forward(images); // a batch [N, C, H, W], of which every picture gets parameters of its own
 *     augment.forward({ image, mask, boxes, keypoints, label });
 *
 * The same generator, at the same place, gives the same bits. Training or evaluation makes no difference: leave the transform out where nothing
 * should be random. A transform of your own extends this class with a `type` and `draw`.
 */
export abstract class Transform extends Layer implements BatchTransform {
  /** `null` for the default generator. */
  readonly generator: Generator | null;

  /** @param args what is required @param keys the options there are beside `generator` */
  constructor(args: readonly unknown[], options: object, keys: readonly string[] = []) {
    super([...args, jsonOptions(options)]);
    checkOptions(this.where, options, [...keys, "generator"]);
    this.generator = generatorIn(this.where, options);
  }

  /** The name that errors begin with. */
  protected get where(): string {
    return this.constructor.name;
  }

  /** Draws parameters for a batch, and says what they do to it. */
  abstract draw(canvas: Canvas, generator: Generator): Edit;

  /**
   * The changed picture or batch, or the changed sample: an object with an `image` and what belongs to it.
   * @param generator in place of the transform's own
   * @throws ShapeError for what is no image, or a mask, boxes or keypoints that do not fit it; DTypeError
   */
  forward(image: Tensor, generator?: Generator): Tensor;
  forward<Sample extends ImageSample>(sample: Sample, generator?: Generator): Sample;
  forward(input: Tensor | ImageSample, generator?: Generator): Tensor | ImageSample {
    return isTensor(input) ? this.changed({ image: input }, generator).image : this.changed(input, generator);
  }

  forwardBatch({ x, y }: Batch, generator?: Generator, target?: "mask"): Batch {
    if (target === undefined) return { x: this.forward(x, generator), y };
    const { image, mask } = this.forward({ image: x, mask: y }, generator);
    return { x: image, y: mask };
  }

  private changed<Sample extends ImageSample>(sample: Sample, generator = this.generator ?? defaultGenerator()): Sample {
    const { image } = sample;
    checkImage(this.where, image);
    const batch = asBatch(this.where, image);
    const canvas = canvasOf(batch);
    const edit = this.draw(canvas, generator);
    return { ...sample, ...changedParts(this.where, sample, edit, canvas, image.ndim === 4), image: likeImage(edit.image(batch), image) };
  }
}
