// Grad-CAM and its relatives against PyTorch.
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@dl/nn";
import { full } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { gradCAM, guidedBackprop, integratedGradients, occlusion, saliency } from "@dl/vision";
import type { GradCamOptions, OcclusionOptions } from "@dl/vision";
import { describe, expect, test } from "vitest";
import { expectClose, fillParameters, readFixture, wave } from "./fixture.js";

interface Options extends GradCamOptions, OcclusionOptions {
  readonly layer: number;
  readonly steps: number;
  readonly baseline: number;
}

const double = { dtype: "float64" } as const;
const [wide, narrow] = [new Conv2d(2, 3, 3, { padding: 1, ...double }), new Conv2d(3, 4, 3, double)];
const model = fillParameters(new Sequential(wide, new ReLU(), new MaxPool2d(2), narrow, new ReLU(), new Flatten(), new Linear(64, 3, double)), 0.4);
const x = wave([2, 2, 12, 12]);
const classIndex = [2, 0];

const methods: Readonly<Record<string, (options: Options) => Tensor>> = {
  gradCAM: ({ layer, ...options }) => gradCAM(model, String(layer), x, { classIndex, ...options }),
  saliency: () => saliency(model, x, classIndex),
  guidedBackprop: () => guidedBackprop(model, x, classIndex),
  integratedGradients: ({ steps, baseline }) => integratedGradients(model, x, { classIndex, steps, baseline: full(x.shape, baseline, double) }),
  occlusion: (options) => occlusion(model, x, { classIndex, ...options }),
};

const cases = readFixture<Options>("understanding");

describe.each(Object.keys(methods))("CNN-14 %s", (name) => {
  const own = cases.filter((one) => one.name === name);

  test(`${own.length} cases as PyTorch computes them`, () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { options, tensors } of own) expectClose(methods[name](options), tensors.result, 1e-11, `${name} with ${JSON.stringify(options)}`);
  });
});
