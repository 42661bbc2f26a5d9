import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, ReLU, Sequential, type TensorModule } from "@dl/nn";
import { noGrad } from "@dl/autograd";
import { ones, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { featureMaps, gradCAM, guidedBackprop, guidedGradCAM, integratedGradients, occlusion, receptiveFieldOf, saliency } from "./index.js";
import { Broken } from "./test-nets.js";

const looks: Readonly<Record<string, (model: TensorModule, path: string, x: Tensor) => unknown>> = {
  gradCAM,
  guidedGradCAM,
  guidedBackprop: (model, _, x) => guidedBackprop(model, x),
  saliency: (model, _, x) => saliency(model, x),
  integratedGradients: (model, _, x) => integratedGradients(model, x, { steps: 2 }),
  occlusion: (model, _, x) => occlusion(model, x, { window: 2 }),
  featureMaps: (model, path, x) => featureMaps(model, x, [path]),
  receptiveFieldOf: (model, _, x) => receptiveFieldOf(model, x.shape),
};

/** All that must not change: modes, running statistics, gradients, and whether a hook is there. */
const stateOf = (model: TensorModule): unknown => [
  model.namedModules().map(([path, module]) => [path, module.training, Object.hasOwn(module, "forward")]),
  [...model.stateDict()].map(([key, value]) => [key, value.toArray()]),
  model.parameters().map(({ grad, requiresGrad }) => [grad, requiresGrad]),
];

describe.each(Object.entries(looks))("CNN-14 %s leaves no traces", (_, look) => {
  const make = (): Sequential => {
    const model = new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2), new ReLU(), new Dropout(0.5), new Flatten(), new Linear(32, 3));
    model[3].training = false;
    model[0].requiresGrad_(false);
    for (const p of model.parameters()) p.grad = zeros(p.shape);
    return model;
  };
  const image = ones([1, 6, 6]);

  test("when all goes well, in any mode, and inside of noGrad", () => {
    const model = make();
    const before = stateOf(model);
    look(model, "2", image);
    noGrad(() => { look(model, "2", image); });
    expect(stateOf(model)).toStrictEqual(before);
    expect([image.grad, image.requiresGrad]).toStrictEqual([null, false]);
    model.eval();
    look(model, "2", image);
    expect(model.namedModules().every(([, { training }]) => !training)).toBe(true);
  });

  test("when forward throws", () => {
    const model = new Broken();
    const before = stateOf(model);
    expect(() => look(model, "first.0", image)).toThrow("broken on purpose");
    expect(stateOf(model)).toStrictEqual(before);
  });
});
