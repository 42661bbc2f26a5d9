import { enableGrad, noGrad } from "@dl/autograd";
import { evaluating, type TensorModule } from "@dl/nn";
import { ShapeError, checkOptions, checkWhole } from "@dl/registry";
import { sameShape, showShape, zerosLike, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { classesOf, inputGradient, type ClassIndex } from "./class-score.js";

/**
 * How much the score moves with each pixel: |∂score/∂x|, of the channel where it is largest. Runs in evaluation mode.
 * Shapes: x [N, C, H, W] or [C, H, W] → [N, H, W] or [H, W]. (Simonyan et al., 2014)
 * @param classIndex the class, or one per image; default the one with the highest score
 * @throws ShapeError, DTypeError for what is no image; ShapeError unless the model gives [N, K]; ValueError for a class that is not there
 */
export function saliency(model: TensorModule, x: Tensor, classIndex?: ClassIndex): Tensor {
  const where = "saliency";
  checkImage(where, x);
  const batch = asBatch(where, x);
  return likeImage(evaluating(model, () => enableGrad(() => inputGradient(where, model, batch, classIndex))).abs().max(1), x);
}

export interface IntegratedGradientsOptions {
  /** The class that is asked about. Default: of each image the one with the highest score. */
  readonly classIndex?: ClassIndex;
  /** The image that tells nothing, where the way begins. Default black. */
  readonly baseline?: Tensor;
  /** Places on the way where the gradient is taken. Default 32. */
  readonly steps?: number;
}

/**
 * How much each value contributes to the score: (x − b)·∫₀¹ ∂score(b + t·(x − b))/∂x dt, by the midpoint rule. Contributions add up to
 * score(x) − score(b), the better the more steps. Runs in evaluation mode. (Sundararajan et al., 2017)
 * Shapes: x and baseline [N, C, H, W] or [C, H, W] → same.
 * @throws ShapeError, DTypeError for what is no image, or a baseline of another shape; ValueError for bad steps or a class that is not there
 */
export function integratedGradients(model: TensorModule, x: Tensor, options: IntegratedGradientsOptions = {}): Tensor {
  const where = "integratedGradients";
  checkOptions(where, options, ["classIndex", "baseline", "steps"]);
  const { classIndex, baseline = zerosLike(x), steps = 32 } = options;
  checkWhole(where, "steps", steps, 1);
  checkImage(where, x);
  if (!sameShape(baseline.shape, x.shape)) {
    throw new ShapeError(
      where,
      `the image has shape ${showShape(x.shape)}, the baseline ${showShape(baseline.shape)}`,
      "Give a baseline like the image",
      { shapes: [x.shape, baseline.shape] },
    );
  }
  const [start, end] = [asBatch(where, baseline).detach(), asBatch(where, x).detach()];
  const way = end.sub(start);
  const total = evaluating(model, () => {
    const classes = noGrad(() => classesOf(where, model.forward(end), classIndex));
    let sum = zerosLike(end);
    for (let i = 0; i < steps; i++) {
      sum = sum.add(enableGrad(() => inputGradient(where, model, start.add(way.mul((i + 0.5) / steps)), classes)));
    }
    return sum;
  });
  return likeImage(way.mul(total).div(steps), x);
}
