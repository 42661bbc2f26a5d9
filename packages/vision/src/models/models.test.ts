import { backward } from "@dl/autograd";
import { Linear, registerForwardHook, type Layer, type Module, type TensorModule } from "@dl/nn";
import { ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, isTensor, rand, zeros, type Shape } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { receptiveField } from "../understanding/receptive-field.js";
import { modelExamples } from "./examples.js";
import { BasicBlock, LeNet5, MobileNetV2, ResNet, VGG, resnet18, resnet34 } from "./index.js";

const parametersOf = (model: Module): number => model.parameters().reduce((sum, { size }) => sum + size, 0);

/** Leaves everything at zero: counting needs no values. */
class Still extends Generator {
  override fillUniform(): void { /* Zero is as good. */ }
  override fillNormal(): void { /* Zero is as good. */ }
}

const still = new Still(0);

describe("CNN-01 CNN-04 parameters as published", () => {
  test.each<[string, number, () => Module]>([
    ["LeNet-5 for MNIST", 61_706, () => new LeNet5()],
    ["LeNet-5 for images of 32 × 32", 61_706, () => new LeNet5(10, { imageSize: 32 })],
    ["ResNet-18", 11_689_512, () => resnet18(1000, { generator: still })],
    ["ResNet-34", 21_797_672, () => resnet34(1000, { generator: still })],
    // Table 6 of the paper says 0.27 million for 20 layers; its shortcuts have no weights, these have two 1 × 1 convolutions with norms.
    ["ResNet-20 for CIFAR", 269_722 + 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64, () => new ResNet([3, 3, 3], 10, { stem: "cifar", width: 16 })],
    ["MobileNetV2", 3_504_872, () => new MobileNetV2(1000, { generator: still })],
    ["VGG-11 without its affine layers", 9_220_480, () => new VGG("vgg11", 10, { hidden: 1, generator: still }).features],
    ["VGG-16 without its affine layers", 14_714_688, () => new VGG("vgg16", 10, { hidden: 1, generator: still }).features],
  ])("%s has %i", (_, count, make) => {
    expect(parametersOf(make())).toBe(count);
  });

  test("keys are torchvision's, blocks in their order and the affine layer last", () => {
    const keys = [...new ResNet([1, 1], 3, { width: 2 }).stateDict().keys()].filter((key) => !/running|tracked/.test(key));
    expect(keys).toStrictEqual([
      "conv1.weight", "bn1.weight", "bn1.bias",
      "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias", "layer1.0.conv2.weight", "layer1.0.bn2.weight", "layer1.0.bn2.bias",
      "layer2.0.conv1.weight", "layer2.0.bn1.weight", "layer2.0.bn1.bias", "layer2.0.conv2.weight", "layer2.0.bn2.weight", "layer2.0.bn2.bias",
      "layer2.0.downsample.0.weight", "layer2.0.downsample.1.weight", "layer2.0.downsample.1.bias", "fc.weight", "fc.bias",
    ]);
    const withValues = ["features.0", "features.3", "classifier.1", "classifier.3", "classifier.5"];
    expect([...new LeNet5().stateDict().keys()]).toStrictEqual(withValues.flatMap((key) => [`${key}.weight`, `${key}.bias`]));
    expect([...new MobileNetV2(2, { widthMultiplier: 0.25 }).stateDict().keys()]).toContain("features.1.conv.0.0.weight");
  });
});

describe("CNN-01 what the models see", () => {
  test("stems: a quarter of an ImageNet image is left before the stages, all of a CIFAR image", () => {
    const x = zeros([1, 3, 32, 32]);
    const sizesOf = (stem: "imagenet" | "cifar"): number[] => {
      const model = new ResNet([1], 2, { stem, width: 4 });
      const seen: number[] = [];
      registerForwardHook(model.layer1, (_, __, maps) => { if (isTensor(maps)) seen.push(...maps.shape.slice(2)); });
      model.forward(x);
      return seen;
    };
    expect(sizesOf("imagenet")).toStrictEqual([8, 8]);
    expect(sizesOf("cifar")).toStrictEqual([32, 32]);
    const mapsOf = (stem: "imagenet" | "cifar"): Shape =>
      new MobileNetV2(2, { widthMultiplier: 0.25, stem, generator: still }).eval().features.forward(x).shape;
    expect(mapsOf("imagenet")).toStrictEqual([1, 1280, 1, 1]);
    expect(mapsOf("cifar")).toStrictEqual([1, 1280, 4, 4]);
  });

  test("CNN-13 a unit behind LeNet's convolutions sees 14 × 14 pixels after the first of 5 × 5, pool, and second", () => {
    expect(receptiveField(new LeNet5().features).map(({ field }) => field[0])).toStrictEqual([5, 5, 6, 14, 14, 16]);
  });

  test("images of other sizes: LeNet refuses them, the others take them", () => {
    expect(() => new LeNet5().forward(zeros([1, 1, 32, 32]))).toThrow(
      "LeNet5: the images have shape [1, 1, 32, 32], expected [N, C, 28, 28]. Resize them, or choose another imageSize: 28 or 32.",
    );
    expect(new ResNet([1], 2, { stem: "cifar", width: 2 }).forward(zeros([1, 3, 5, 9])).shape).toStrictEqual([1, 2]);
    expect(new VGG([2, "M"], 3, { hidden: 4 }).forward(zeros([2, 3, 11, 6])).shape).toStrictEqual([2, 3]);
  });
});

describe("CNN-01 initial values", () => {
  test("one seed, the same bits; another, others", () => {
    const weights = (seed: number) => new ResNet([1, 1], 3, { width: 2, generator: new Generator(seed) }).stateDict();
    const [a, b, c] = [weights(1), weights(1), weights(2)];
    for (const [key, value] of a) expect(b.get(key)?.toArray(), key).toStrictEqual(value.toArray());
    expect(c.get("conv1.weight")?.toArray()).not.toStrictEqual(a.get("conv1.weight")?.toArray());
  });

  test("convolutions have variance 2/fanOut, and offsets are 0", () => {
    const parameters = new Map(new VGG([64, 64], 2, { hidden: 2, generator: new Generator(3) }).namedParameters());
    expect((parameters.get("features.2.weight")?.square().mean().item() ?? 0) * 64 * 9).toBeCloseTo(2, 1);
    expect(parameters.get("features.2.bias")?.toArray()).toStrictEqual(new Array(64).fill(0));
  });

  test("with zeroInit a block is its shortcut: relu(x)", () => {
    const x = rand([2, 3, 4, 4], { generator: new Generator(4) }).sub(0.5);
    expect(new BasicBlock(3, 3, { zeroInit: true }).forward(x).toArray()).toStrictEqual(x.relu().toArray());
    expect(new BasicBlock(3, 3).forward(x).toArray()).not.toStrictEqual(x.relu().toArray());
  });
});

describe("every model", () => {
  const examples = modelExamples().map((example, i) => [`${i} ${example.layer().constructor.name}`, example] as const);
  test.each(examples)("CNN-01 %s: shape, gradients, state and JSON", (_, { layer, shapes = [], outputShape }) => {
    const model = layer() as Layer & TensorModule;
    const x = rand(shapes[0], { generator: new Generator(5) });
    const y = model.forward(x);
    expect(y.shape).toStrictEqual(outputShape);
    backward(y.square().sum());
    for (const [key, { grad }] of model.namedParameters()) expect(grad, key).not.toBeNull();
    const other = Reflect.construct(model.constructor, model.args) as typeof model;
    other.loadStateDict(model.stateDict());
    expect(other.eval().forward(x).toArray()).toStrictEqual(model.eval().forward(x).toArray());
    expect(JSON.stringify(other)).toBe(JSON.stringify(model));
    expect(JSON.stringify(model)).not.toContain("children");
  });

  test("SYS-03 a replaced head is saved under its path, without the rest", () => {
    const model = new ResNet([1], 10, { stem: "cifar", width: 4 });
    Object.assign(model, { fc: new Linear(4, 2) });
    expect(JSON.parse(JSON.stringify(model))).toStrictEqual({
      type: "vision/ResNet",
      args: [[1], 10, { stem: "cifar", width: 4 }],
      children: { fc: { type: "nn/Linear", args: [4, 2] } },
    });
    expect(model.forward(zeros([1, 3, 4, 4])).shape).toStrictEqual([1, 2]);
  });
});

/** What JavaScript would let through. */
const construct = (own: new (...given: never[]) => Layer, args: readonly unknown[]): unknown => Reflect.construct(own, args);

describe("bad arguments are named", () => {
  test.each<[() => unknown, new (...given: never[]) => Error, string]>([
    [() => construct(LeNet5, [10, { imageSize: 30 }]), ValueError, "LeNet5: imageSize is 30"],
    [() => construct(LeNet5, [10, { activation: "sigmoid" }]), ValueError, 'activation is "sigmoid"'],
    [() => construct(LeNet5, [10, { pool: "max" }]), UnknownNameError, 'unknown option "pool"'],
    [() => construct(VGG, ["vgg12"]), UnknownNameError, 'unknown plan "vgg12". Did you mean "vgg11"'],
    [() => new VGG(["M"]), ValueError, "the plan [M] has no convolution"],
    [() => new ResNet([]), ValueError, "there are no stages"],
    [() => new ResNet([1, 0]), ValueError, "the number of blocks of stage 2 is 0"],
    [() => new ResNet([1], 2, { width: 1.5 }), ValueError, "width is 1.5"],
    [() => construct(ResNet, [[1], 2, { stem: "small" }]), ValueError, 'stem is "small"'],
    [() => new MobileNetV2(2, { widthMultiplier: 0 }), ValueError, "widthMultiplier is 0"],
    [() => new MobileNetV2(2, { stages: [[1, 16, 0, 1]] }), ValueError, "a stage is [1, 16, 0, 1]"],
    [() => new ResNet([1], 2, { stem: "cifar", width: 2 }).forward(zeros([1, 1, 8, 8])), ShapeError, "has 1 channels"],
  ])("%#", (make, kind, message) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });
});
