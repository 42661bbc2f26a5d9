// Image models against torchvision, U-Nets against PyTorch, maps of objects against SciPy.
import { noGrad } from "@dl/autograd";
import type { Module, TensorModule } from "@dl/nn";
import { Generator, type Shape } from "@dl/tensor";
import {
  boundaryWeights, connectedComponents, distanceTransform, MobileNetV2, resnet18, resnet34, UNet, VGG, type NormName, type SpatialDims, type VGGPlan,
} from "@dl/vision";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";

interface Options {
  readonly parameters: number;
  readonly keys: readonly (readonly [string, Shape])[];
  readonly shape: Shape;
  readonly plan: VGGPlan;
  readonly batchNorm: boolean;
  readonly widthMultiplier: number;
  readonly dims: SpatialDims;
  readonly norm: NormName;
  readonly w0: number;
  readonly sigma: number;
}

/** Leaves everything at zero: names and shapes need no values, and drawing millions takes a while. */
class Still extends Generator {
  override fillUniform(): void { /* Zero is as good. */ }
  override fillNormal(): void { /* Zero is as good. */ }
}

const generator = new Still(0);

const fullSize: Readonly<Record<string, () => Module>> = {
  resnet18: () => resnet18(1000, { generator }),
  resnet34: () => resnet34(10, { generator }),
  vgg11: () => new VGG("vgg11", 10, { hidden: 8, generator }),
  vgg11_bn: () => new VGG("vgg11", 10, { hidden: 8, batchNorm: true, generator }),
  mobilenet_v2: () => new MobileNetV2(1000, { generator }),
  unet: () => new UNet(1, 1, { generator }),
};

const small: Readonly<Record<string, (options: Options) => TensorModule>> = {
  resnet18: () => resnet18(10, { generator }),
  mobilenet_v2: ({ widthMultiplier }) => new MobileNetV2(10, { widthMultiplier, dropout: 0 }),
  vgg: ({ plan, batchNorm }) => new VGG(plan, 10, { batchNorm, hidden: 20, dropout: 0 }),
  unet: ({ dims, norm }) => new UNet(2, 3, { dims, norm, base: dims === 2 ? 3 : 2, depth: dims === 2 ? 2 : 1 }),
};

/** The rule of vision-models.py. */
function fillForDepth(model: Module): void {
  let index = 1;
  for (const [key, p] of model.namedParameters()) {
    const isOffset = key.endsWith("bias");
    const fanIn = p.shape.slice(1).reduce((a, b) => a * b, 1);
    const start = index;
    const sine = (k: number): number => Math.sin((start + k) ** 2);
    const valueAt = p.ndim > 1 ? (k: number) => sine(k) * Math.sqrt(4 / fanIn) : (k: number) => sine(k) / 4 + (isOffset ? 0 : 1);
    p.assign(p.makeFrom(Float64Array.from({ length: p.size }, (_, k) => valueAt(k)), "float64", p.shape));
    index += p.size;
  }
}

const cases = readFixture<Options>("vision-models");

describe("MOD names and shapes", () => {
  test.each(Object.keys(fullSize))("%s has the keys, in their order, and as many parameters as in Python", (name) => {
    const model = fullSize[name]();
    const found = cases.find((one) => one.name === name && "keys" in one.options);
    const { keys, parameters } = found?.options ?? { keys: [], parameters: 0 };
    const state = model.stateDict();
    expect(model.parameters().reduce((sum, { size }) => sum + size, 0)).toBe(parameters);
    expect([...state].map(([key, { shape }]) => [key, shape])).toEqual(keys);
  });
});

describe.each(cases.filter(({ options }) => "shape" in options))("CNN-01 SEG-04 $name $options", ({ name, options, tensors }) => {
  test("logits in training, and in evaluation by the running statistics that it left", () => {
    const model = small[name](options).to("float64");
    fillForDepth(model);
    const x = wave(options.shape);
    expectClose(noGrad(() => model.train().forward(x)), tensors.training, 1e-9, "training");
    expectClose(noGrad(() => model.eval().forward(x)), tensors.evaluation, 1e-9, "evaluation");
  });
});

describe("SEG-04 objects of masks as SciPy sees them", () => {
  const maps = cases.filter(({ name }) => name === "maps");

  test("components by edges, and by corners, too", () => {
    expect(maps).toHaveLength(4);
    for (const { tensors: { mask, labels4, labels8 } } of maps) {
      expect(connectedComponents(mask).labels.toArray()).toEqual(labels4.toArray());
      expect(connectedComponents(mask, { neighbours: 8 }).labels.toArray()).toEqual(labels8.toArray());
      expect(connectedComponents(mask).count).toBe(labels4.max().item());
    }
  });

  test("distances, and U-Net's weights with two nearest objects", () => {
    for (const { options: { w0, sigma }, tensors: { mask, distances, weights } } of maps) {
      expectClose(distanceTransform(mask), distances, 1e-7, "distances");
      expectClose(boundaryWeights(mask, { w0, sigma }), weights, 1e-6, "weights");
    }
  });
});
