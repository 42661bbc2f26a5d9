import { noGrad } from "@dl/autograd";
import { evaluating, type Module, registerForwardHook, type TensorModule } from "@dl/nn";
import { ShapeError, StateError, ValueError } from "@dl/registry";
import { isTensor, showShape, type Tensor } from "@dl/tensor";
import { asBatch } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { stretched } from "../pictures/stretch.js";
import { layerAt, whileHooked } from "./probe.js";

/**
 * What layers make of images, by their paths: the outputs of one forward in evaluation mode, cut off from the graph.
 * Shapes: x [N, C, H, W] or [C, H, W] → of each layer its own, with the batch, such as [N, K, h, w].
 * @param layerPaths keys of `model.namedModules()`; of a layer that runs several times the last output counts
 * @throws UnknownNameError when there is no such layer; StateError when it did not run; ValueError when it gives no tensor
 */
export function featureMaps(model: TensorModule, x: Tensor, layerPaths: readonly string[]): Map<string, Tensor> {
  const where = "featureMaps";
  checkImage(where, x);
  const layers = layerPaths.map((path) => [path, layerAt(where, model, path)] as const);
  const maps = new Map<string, Tensor>();
  const handles = layers.map(([path, layer]) => registerForwardHook(layer, (_, __, output) => {
    if (!isTensor(output)) throw new ValueError(where, `layer "${path}" gives ${typeof output}`, "Give a layer whose output is one tensor", { path });
    maps.set(path, output.detach());
  }));
  evaluating(model, () => whileHooked(handles, () => noGrad(() => model.forward(asBatch(where, x)))));
  const idle = layerPaths.find((path) => !maps.has(path));
  if (idle !== undefined) throw new StateError(where, `layer "${idle}" did not run`, "Give a layer that forward calls", { path: idle });
  return new Map(layerPaths.flatMap((path) => { const map = maps.get(path); return map === undefined ? [] : [[path, map]]; }));
}

/**
 * The learnt filters of a convolution as small pictures: each stretched to 0..1 by itself; a filter of one value becomes 0.
 * Shapes: weight [outC, C, KH, KW] → same.
 * @throws ShapeError unless the layer has a weight of that shape
 */
export function filterImages(layer: Module): Tensor {
  const weight = "weight" in layer ? layer.weight : undefined;
  if (!isTensor(weight) || weight.ndim !== 4) {
    const fact = isTensor(weight) ? `the layer's weight has shape ${showShape(weight.shape)}` : "the layer has no weight";
    throw new ShapeError("filterImages", fact, "Give a Conv2d, whose weight is [outC, C, KH, KW]");
  }
  return stretched(weight.detach(), [1, 2, 3]);
}
