import { enableGrad, grad } from "@dl/autograd";
import { evaluating, type Module, registerForwardHook, type TensorModule } from "@dl/nn";
import { ShapeError, StateError, checkChoice, checkOptions } from "@dl/registry";
import { interpolate, isTensor, maximum, showShape, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { camFromGradients, type CamOptions } from "./cam.js";
import { classesOf, leafOf, pickScores, type ClassIndex } from "./class-score.js";
import { layerAt, whileHooked } from "./probe.js";

export interface GradCamOptions extends CamOptions {
  /** The class that is asked about. Default: of each image the one with the highest score. */
  readonly classIndex?: ClassIndex;
  /** Stretch the map to the image's size, bilinearly. Default true. */
  readonly upsample?: boolean;
  /** "max" (default) divides each map by its largest value, so that it ends at 1; "none" leaves it. */
  readonly normalize?: "max" | "none";
}

const OPTIONS: readonly (keyof GradCamOptions)[] = ["classIndex", "method", "upsample", "relu", "normalize"];

interface Watched {
  readonly activations: Tensor;
  readonly gradients: Tensor;
}

/** What a layer gave, and the slope of the scores along it. The tape begins at the layer: nothing before it need have a gradient. */
function watch(where: string, model: TensorModule, layer: Module, path: string, x: Tensor, classIndex: ClassIndex | undefined): Watched {
  let activations: Tensor | undefined;
  const handle = registerForwardHook(layer, (_, __, output) => {
    if (!isTensor(output) || output.ndim !== 4) {
      const given = isTensor(output) ? `shape ${showShape(output.shape)}` : typeof output;
      throw new ShapeError(
        where,
        `layer "${path}" gives ${given}`,
        "Give a layer of maps, [N, K, h, w], such as the last convolution",
        { path },
      );
    }
    activations = leafOf(output);
    return activations;
  });
  const scores = whileHooked([handle], () => model.forward(x));
  if (activations === undefined) throw new StateError(where, `layer "${path}" did not run`, "Give a layer that forward calls", { path });
  const [gradients] = grad(pickScores(scores, classesOf(where, scores, classIndex)).sum(), [activations]);
  return { activations: activations.detach(), gradients };
}

/** Each map divided by its largest magnitude; a map of zeros stays. Shapes: [N, H, W] → same. */
function byMax(heat: Tensor): Tensor {
  const most = heat.abs().max([1, 2], { keepDim: true });
  return heat.div(maximum(most, most.eq(0).to(heat.dtype)));
}

/**
 * Where a network looks when it decides for a class: the maps of one layer, weighed by how much the class's score depends on each, as
 * heat over the image (`camFromGradients`). Scores before a softmax tell most. Runs in evaluation mode; modes, hooks and `.grad` stay as they were.
 *
 *     const heat = gradCAM(model, "features.4", images, { classIndex: 3 });
 *
 * Shapes: x [N, C, H, W] or [C, H, W] → [N, H, W] or [H, W]; without `upsample` the layer's own rows and columns.
 * @param layerPath key of the layer in `model.namedModules()`; if it runs several times, the last one counts
 * @throws UnknownNameError when there is no such layer; ShapeError unless it gives maps and the model scores; StateError when it did not run, or
 * the scores do not depend on it
 */
export function gradCAM(model: TensorModule, layerPath: string, x: Tensor, options: GradCamOptions = {}): Tensor {
  const where = "gradCAM";
  checkOptions(where, options, OPTIONS);
  const { classIndex, method = "gradcam", upsample = true, relu = true, normalize = "max" } = options;
  checkChoice(where, "normalize", normalize, ["max", "none"]);
  checkImage(where, x);
  const layer = layerAt(where, model, layerPath);
  const batch = asBatch(where, x).detach();
  const { activations, gradients } = evaluating(model, () => enableGrad(() => watch(where, model, layer, layerPath, batch, classIndex)));
  const small = camFromGradients(activations, gradients, { method, relu });
  const heat = upsample ? interpolate(small.unsqueeze(1), { size: batch.shape.slice(2), mode: "bilinear" }).squeeze(1) : small;
  return likeImage(normalize === "max" ? byMax(heat) : heat, x);
}
