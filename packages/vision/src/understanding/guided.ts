import { customFunction, enableGrad } from "@dl/autograd";
import { evaluating, type HookHandle, registerForwardHook, type TensorModule } from "@dl/nn";
import { StateError, ValueError } from "@dl/registry";
import { isTensor, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { inputGradient, type ClassIndex } from "./class-score.js";
import { gradCAM, type GradCamOptions } from "./grad-cam.js";
import { typeOf } from "./layer-windows.js";
import { whileHooked } from "./probe.js";

/** max(x, 0), whose backward lets only positive gradients through, and only where x was positive. (Springenberg et al., 2015) */
const guidedRelu = /* @__PURE__ */ customFunction({
  name: "guidedRelu",
  forward: (x) => x.relu(),
  backward: ({ grad, inputs: [x] }) => [grad.relu().mul(x.gt(0).to(x.dtype))],
});

/** Puts `guidedRelu` behind every ReLU layer. @throws StateError when there is none */
function guide(where: string, model: TensorModule): HookHandle[] {
  const layers = model.namedModules().filter(([, module]) => typeOf(module) === "nn/ReLU");
  if (layers.length === 0) {
    throw new StateError(
      where,
      "the model has no ReLU layers",
      "Guided backpropagation changes their gradient: use new ReLU() in place of x.relu(), or saliency for other models",
    );
  }
  return layers.map(([path, module]) => registerForwardHook(module, (_, [x]) => {
    if (!isTensor(x)) throw new ValueError(where, `the ReLU "${path}" got ${typeof x}`, "Give it a tensor", { path });
    return guidedRelu(x);
  }));
}

/**
 * The gradient of the score along the image, in which every ReLU passes back only what is positive: a clear picture of the edges and strokes
 * that speak for a class. Changes ReLU layers; functions such as x.relu() inside of a forward keep their gradient. Runs in evaluation mode.
 * Shapes: x [N, C, H, W] or [C, H, W] → same. (Springenberg et al., 2015)
 * @param classIndex the class, or one per image; default the one with the highest score
 * @throws StateError when the model has no ReLU layers; ShapeError, DTypeError for what is no image; ValueError for a class that is not there
 */
export function guidedBackprop(model: TensorModule, x: Tensor, classIndex?: ClassIndex): Tensor {
  const where = "guidedBackprop";
  checkImage(where, x);
  const batch = asBatch(where, x);
  const gradient = evaluating(model, () => whileHooked(guide(where, model), () => enableGrad(() => inputGradient(where, model, batch, classIndex))));
  return likeImage(gradient, x);
}

/**
 * Guided backpropagation where Grad-CAM is warm: fine as the one, and about the class as the other. Their product.
 * Shapes: x [N, C, H, W] or [C, H, W] → same. (Selvaraju et al., 2017)
 * @throws what `gradCAM` and `guidedBackprop` throw
 */
export function guidedGradCAM(model: TensorModule, layerPath: string, x: Tensor, options: Omit<GradCamOptions, "upsample"> = {}): Tensor {
  const heat = gradCAM(model, layerPath, x, options);
  return guidedBackprop(model, x, options.classIndex).mul(heat.unsqueeze(-3));
}
