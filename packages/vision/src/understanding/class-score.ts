import { grad } from "@dl/autograd";
import type { TensorModule } from "@dl/nn";
import { ShapeError, ValueError, checkWhole } from "@dl/registry";
import { gather, showShape, tensor, type Tensor } from "@dl/tensor";

/** A class for all images, or one for each; left out, each image is asked about the class that it scores highest. */
export type ClassIndex = number | readonly number[];

function checkClasses(where: string, classes: readonly number[], images: number, count: number): void {
  if (classes.length !== images) {
    throw new ValueError(
      where,
      `classIndex names ${classes.length} classes for ${images} images`,
      "Give one number, or one per image",
      { classIndex: classes },
    );
  }
  for (const index of classes) {
    checkWhole(where, "classIndex", index);
    if (index >= count) {
      throw new ValueError(
        where,
        `classIndex is ${index}, the model gives ${count} scores`,
        `Give a number from 0 to ${count - 1}`,
        { classIndex: index },
      );
    }
  }
}

/** The classes asked about, one per row of the scores. @throws ShapeError unless scores are [N, K]; ValueError for a class that is not there */
export function classesOf(where: string, scores: Tensor, classIndex: ClassIndex | undefined): readonly number[] {
  if (scores.ndim !== 2) {
    throw new ShapeError(
      where,
      `the model gives shape ${showShape(scores.shape)}`,
      "Give a model of one score per class, [N, K]; a map of scores needs a mean over its places",
      { shape: scores.shape },
    );
  }
  if (classIndex === undefined) return Array.from(scores.detach().argmax(1).dataSync());
  const [images, count] = scores.shape;
  const classes = typeof classIndex === "number" ? Array.from({ length: images }, () => classIndex) : classIndex;
  checkClasses(where, classes, images, count);
  return classes;
}

/** The score of one class per row. Shapes: [N, K] → [N]. */
export function pickScores(scores: Tensor, classes: readonly number[]): Tensor {
  const index = tensor(Int32Array.from(classes), { shape: [classes.length, 1], dtype: "int32", backend: scores.backend });
  return gather(scores, 1, index).squeeze(1);
}

/** A leaf with the value of `x` that a gradient can be asked for. */
export function leafOf(x: Tensor): Tensor {
  const leaf = x.detach();
  leaf.requiresGrad = true;
  return leaf;
}

/** ∂score/∂x of each image's class, which images have each for itself. Shapes: x [N, C, H, W] → the same. */
export function inputGradient(where: string, model: TensorModule, x: Tensor, classIndex: ClassIndex | undefined): Tensor {
  const leaf = leafOf(x);
  const scores = model.forward(leaf);
  const [gradient] = grad(pickScores(scores, classesOf(where, scores, classIndex)).sum(), [leaf], { allowUnused: true });
  return gradient;
}
