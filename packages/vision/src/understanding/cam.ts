import { ShapeError, checkChoice } from "@dl/registry";
import { sameShape, showShape, where as choose, zerosLike, type Tensor } from "@dl/tensor";

const methods = ["gradcam", "gradcam++", "hirescam"] as const;

export type CamMethod = (typeof methods)[number];

const PLACES = [-2, -1];

/** Σ α·relu(g) with α = g²/(2g² + g³·ΣA), which is 0 where g is: their eq. 19, without the factor e^score, which is the same for all maps. */
function plusPlusWeights(activations: Tensor, gradients: Tensor): Tensor {
  const square = gradients.square();
  const below = square.mul(2).add(square.mul(gradients).mul(activations.sum(PLACES, { keepDim: true })));
  const alpha = choose(below.eq(0), zerosLike(below), square.div(choose(below.eq(0), below.add(1), below)));
  return alpha.mul(gradients.relu()).sum(PLACES, { keepDim: true });
}

/** How much each map counts for the score: as a whole, or place by place. */
function weightsOf(method: CamMethod, activations: Tensor, gradients: Tensor): Tensor {
  if (method === "hirescam") return gradients;
  return method === "gradcam" ? gradients.mean(PLACES, { keepDim: true }) : plusPlusWeights(activations, gradients);
}

export interface CamOptions {
  /**
   * How maps are weighed. "gradcam" (default): by the mean of their gradients, which suits models that end with a mean over places.
   * "gradcam++": also that, with more weight on gradients above 0, for several objects of a class (Chattopadhay et al., 2018).
   * "hirescam": each place by its own gradient, which suits models that flatten their maps, where what a map says depends on the place (Draelos & Carin, 2020).
   */
  readonly method?: CamMethod;
  /** Keep only what speaks for the class: negative sums become 0. Default true. */
  readonly relu?: boolean;
}

/**
 * The sum of a layer's maps, each weighed by how much the score depends on it: relu(Σₖ wₖ·Aₖ), wₖ = mean of ∂score/∂Aₖ
 * or as `method` says.
 * Shapes: activations and gradients [K, h, w] or [N, K, h, w] → [h, w] or [N, h, w]. (Selvaraju et al., 2017)
 * @throws ShapeError unless both have one such shape; ValueError for another method
 */
export function camFromGradients(activations: Tensor, gradients: Tensor, { method = "gradcam", relu = true }: CamOptions = {}): Tensor {
  const where = "camFromGradients";
  checkChoice(where, "method", method, methods);
  if ((activations.ndim !== 3 && activations.ndim !== 4) || !sameShape(activations.shape, gradients.shape)) {
    const shapes = [activations.shape, gradients.shape];
    throw new ShapeError(
      where,
      `activations have shape ${showShape(activations.shape)}, gradients ${showShape(gradients.shape)}`,
      "Give both as [K, h, w] or [N, K, h, w]",
      { shapes },
    );
  }
  const sum = weightsOf(method, activations, gradients).mul(activations).sum(-3);
  return relu ? sum.relu() : sum;
}
