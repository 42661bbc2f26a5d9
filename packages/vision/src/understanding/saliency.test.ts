import { BatchNorm2d, Conv2d, Flatten, Linear, ReLU, Sequential, Tanh } from "@dl/nn";
import { ShapeError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import { allClose, manualSeed, ones, rand, stack, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { featureMaps, filterImages, guidedBackprop, guidedGradCAM, integratedGradients, occlusion, saliency } from "./index.js";
import { barNet, linearNet, shareIn, twoBars } from "./test-nets.js";

describe("CNN-14 gradients along the image", () => {
  const image = tensor([[[1, 2], [-3, 4]], [[0, 1], [1, 0]]]);
  const model = linearNet([[1, -2, 3, 4, -5, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0, 1]]);

  test("saliency of linear scores is the weight of the channel that counts most", () => {
    expect(saliency(model, image, 0).toArray()).toStrictEqual([[5, 2], [3, 4]]);
    expect(saliency(model, image, 1).toArray()).toStrictEqual([[0, 0], [0, 1]]);
  });

  test("integrated gradients of linear scores are weight times value, measured from the baseline", async () => {
    expect(await allClose(integratedGradients(model, image, { classIndex: 0 }), tensor([[[1, -4], [-9, 16]], [[0, 1], [1, 0]]]))).toBe(true);
    const fromWhite = integratedGradients(model, image, { classIndex: 0, baseline: ones([2, 2, 2]) });
    expect(await allClose(fromWhite, tensor([[[0, -2], [-12, 12]], [[5, 0], [0, 0]]]))).toBe(true);
  });

  test("integrated gradients add up to how much the score rose", () => {
    manualSeed(2);
    const net = new Sequential(new Conv2d(1, 3, 3), new Tanh(), new Flatten(), new Linear(48, 2));
    const x = rand([1, 6, 6]).mul(2);
    const rose = net.forward(stack([x, x.mul(0)])).select(1, 1);
    expect(integratedGradients(net, x, { classIndex: 1, steps: 64 }).sum().item()).toBeCloseTo(rose.select(0, 0).item() - rose.select(0, 1).item(), 4);
  });

  test("guided backpropagation passes what is positive where the input was positive", () => {
    const rectified = new Sequential(new ReLU(), ...linearNet([[1, -2, 3, 4]]));
    const x = tensor([[[1, 2], [-3, 4]]]);
    expect(guidedBackprop(rectified, x, 0).toArray()).toStrictEqual([[[1, 0], [0, 4]]]);
    expect(saliency(rectified, x, 0).toArray()).toStrictEqual([[1, 2], [0, 4]]);
  });

  test("guided Grad-CAM is guided backpropagation where it is warm", () => {
    const x = twoBars([true, false]);
    const guided = guidedGradCAM(barNet(), "1", x, { classIndex: 0 });
    expect(guided.shape).toStrictEqual([1, 16, 16]);
    expect(shareIn(guided.relu().select(0, 0), [true, false])).toBeGreaterThanOrEqual(0.9);
  });

  test("a model without ReLU layers is refused", () => {
    expect(() => guidedBackprop(model, image)).toThrow(StateError);
    expect(() => guidedBackprop(model, image)).toThrow("use new ReLU() in place of x.relu()");
  });
});

describe("CNN-14 occlusion", () => {
  test("of linear scores: the sum of weight times value under the window, as far as the cover does not bring it back", () => {
    const model = linearNet([[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    const image = ones([1, 3, 3]);
    expect(occlusion(model, image, { window: 2, stride: 1 }).toArray()).toStrictEqual([[12, 16], [24, 28]]);
    expect(occlusion(model, image, { window: 2, stride: 1, value: 0.5, batchSize: 3 }).toArray()).toStrictEqual([[6, 8], [12, 14]]);
    expect(occlusion(model, image, { window: [3, 1] }).toArray()).toStrictEqual([[12, 15, 18]]);
  });

  test("the score falls most where the bar of the class is", () => {
    const drops = occlusion(barNet(), twoBars([false, true]), { window: 4, stride: 4, classIndex: 0 });
    expect(drops.shape).toStrictEqual([4, 4]);
    expect(shareIn(drops.relu(), [false, true])).toBeGreaterThanOrEqual(0.9);
  });

  test("bad windows and options are refused", () => {
    expect(() => occlusion(barNet(), twoBars([true, true]), { window: 17 })).toThrow(ShapeError);
    expect(() => occlusion(barNet(), twoBars([true, true]), { window: 0 })).toThrow(ValueError);
    expect(() => occlusion(barNet(), twoBars([true, true]), { window: 2, batchSize: 0 })).toThrow(ValueError);
    expect(() => occlusion(barNet(), twoBars([true, true]), { windows: 2 } as never)).toThrow(UnknownNameError);
  });
});

test("CNN-14 a batch gives what its images give alone", async () => {
  manualSeed(3);
  const model = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3), new ReLU(), new Flatten(), new Linear(27, 3));
  const images = rand([3, 2, 5, 5]);
  const methods = [
    (x: typeof images) => saliency(model, x), (x: typeof images) => guidedBackprop(model, x), (x: typeof images) => guidedGradCAM(model, "2", x),
    (x: typeof images) => integratedGradients(model, x, { steps: 4 }), (x: typeof images) => occlusion(model, x, { window: 3, batchSize: 4 }),
  ];
  for (const method of methods) expect(await allClose(method(images), stack([0, 1, 2].map((n) => method(images.select(0, n)))), { atol: 1e-6 })).toBe(true);
});

describe("CNN-14 what layers make and have learnt", () => {
  test("feature maps by path, in the order asked", () => {
    const x = twoBars([false, false]);
    const maps = featureMaps(barNet(), x, ["1", "0"]);
    expect([...maps.keys()]).toStrictEqual(["1", "0"]);
    const [raw, rectified] = [maps.get("0"), maps.get("1")];
    expect(raw?.shape).toStrictEqual([1, 2, 16, 16]);
    expect(raw?.relu().toArray()).toStrictEqual(rectified?.toArray());
    expect(rectified?.requiresGrad).toBe(false);
    expect(() => featureMaps(barNet(), x, ["2", "11"])).toThrow(UnknownNameError);
  });

  test("filters stretched to 0..1, each by itself", () => {
    const layer = new Conv2d(1, 3, 2);
    layer.weight.assign(tensor([[[[-1, 0], [1, 3]]], [[[2, 2], [2, 2]]], [[[0, 10], [5, 0]]]]));
    expect(filterImages(layer).toArray()).toStrictEqual([[[[0, 0.25], [0.5, 1]]], [[[0, 0], [0, 0]]], [[[0, 1], [0.5, 0]]]]);
    expect(() => filterImages(new ReLU())).toThrow(ShapeError);
    expect(() => filterImages(new Linear(2, 2))).toThrow("the layer's weight has shape [2, 2]");
  });
});
