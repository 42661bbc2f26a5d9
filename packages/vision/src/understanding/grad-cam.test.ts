import { Conv2d, Flatten, Linear, ReLU, Sequential, Tanh } from "@dl/nn";
import { ShapeError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import { allClose, manualSeed, ones, rand, stack, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { camFromGradients, gradCAM } from "./index.js";
import { barNet, shareIn, twoBars, type Quadrant } from "./test-nets.js";

const quadrants: readonly Quadrant[] = [[false, false], [false, true], [true, false], [true, true]];
const activations = tensor([[[1, 2], [3, 4]], [[4, 3], [2, 1]]]);

describe("CNN-14 camFromGradients", () => {
  test("two maps with mean gradients 1 and −0.5", () => {
    const gradients = tensor([[[1, 3], [-1, 1]], [[-0.5, -0.5], [0, -1]]]);
    expect(camFromGradients(activations, gradients).toArray()).toStrictEqual([[0, 0.5], [2, 3.5]]);
    expect(camFromGradients(activations, gradients, { relu: false }).toArray()).toStrictEqual([[-1, 0.5], [2, 3.5]]);
    const batch = [activations, activations.mul(2)];
    expect(camFromGradients(stack(batch), stack([gradients, gradients])).toArray()).toStrictEqual([[[0, 0.5], [2, 3.5]], [[0, 1], [4, 7]]]);
  });

  test("Grad-CAM++: 1/(2 + 10) for slope 1, 2·4/(8 + 80) for slope 2, nothing for slopes of 0 or below", async () => {
    const gradients = tensor([[[1, 0], [0, 2]], [[-1, 0], [0, -0.2]]]);
    const weight = 1 / 12 + 2 / 22;
    const heat = camFromGradients(activations, gradients, { method: "gradcam++" });
    expect(await allClose(heat, activations.select(0, 0).mul(weight))).toBe(true);
  });

  test("HiResCAM: each place by its own slope", () => {
    const gradients = tensor([[[1, 3], [-1, 1]], [[-0.5, -0.5], [0, -1]]]);
    expect(camFromGradients(activations, gradients, { method: "hirescam", relu: false }).toArray()).toStrictEqual([[-1, 4.5], [-3, 3]]);
  });

  test("shapes that differ, and another method, are refused", () => {
    expect(() => camFromGradients(activations, ones([2, 2, 3]))).toThrow(ShapeError);
    expect(() => camFromGradients(ones([2, 2]), ones([2, 2]))).toThrow("Give both as [K, h, w]");
    expect(() => camFromGradients(activations, activations, { method: "cam" as "gradcam" })).toThrow(ValueError);
  });
});

describe("CNN-14 gradCAM", () => {
  test.each(quadrants)("nine tenths of the heat and more are where the bar of the class is: lower %s, right %s", (lower, right) => {
    const image = twoBars([lower, right]);
    for (const method of ["gradcam", "gradcam++"] as const) {
      expect(shareIn(gradCAM(barNet(), "1", image, { classIndex: 0, method }), [lower, right])).toBeGreaterThanOrEqual(0.9);
      expect(shareIn(gradCAM(barNet(), "1", image, { classIndex: 1, method }), [!lower, !right])).toBeGreaterThanOrEqual(0.9);
    }
  });

  test("HiResCAM of linear scores of the layer adds up to them", () => {
    manualSeed(4);
    const model = new Sequential(new Conv2d(1, 2, 3), new Flatten(), new Linear(2 * 14 * 14, 2, { bias: false }));
    const image = twoBars([true, true]);
    const heat = gradCAM(model, "0", image, { method: "hirescam", classIndex: 1, relu: false, normalize: "none", upsample: false });
    expect(heat.sum().item()).toBeCloseTo(model.forward(image.unsqueeze(0)).select(1, 1).item(), 5);
  });

  test("without a class, each image is asked about its own", () => {
    const [one, other] = [twoBars([false, false]), twoBars([true, true])];
    const [upright, lying] = [one.clone(), one.permute([0, 2, 1]).contiguous()];
    const batch = stack([upright.mul(1), lying.mul(1), other]);
    const found = gradCAM(barNet(), "1", batch);
    const classes = barNet().forward(batch).argmax(1).toArray() as number[];
    expect(found.toArray()).toStrictEqual(gradCAM(barNet(), "1", batch, { classIndex: classes }).toArray());
  });

  test("is as large as the image, ends at 1, and has the layer's size if asked", () => {
    manualSeed(1);
    const model = new Sequential(new Conv2d(1, 3, 3, { stride: 2 }), new ReLU(), new Flatten(), new Linear(3 * 4 * 5, 2));
    const images = rand([2, 1, 9, 11]);
    const heat = gradCAM(model, "0", images, { classIndex: [0, 1], relu: false });
    expect(heat.shape).toStrictEqual([2, 9, 11]);
    for (const largest of heat.abs().max([1, 2]).toArray() as number[]) expect(largest).toBeCloseTo(1, 6);
    expect(gradCAM(model, "0", images.select(0, 0), { upsample: false, normalize: "none" }).shape).toStrictEqual([4, 5]);
  });

  test("a batch gives what its images give alone", async () => {
    manualSeed(5);
    const model = new Sequential(new Conv2d(1, 4, 3), new Tanh(), new Flatten(), new Linear(4 * 36, 3));
    const images = rand([3, 1, 8, 8]);
    for (const method of ["gradcam", "gradcam++"] as const) {
      const together = gradCAM(model, "0", images, { method, relu: false, normalize: "none" });
      const alone = [0, 1, 2].map((n) => gradCAM(model, "0", images.select(0, n), { method, relu: false, normalize: "none" }));
      expect(await allClose(together, stack(alone), { atol: 1e-6 })).toBe(true);
    }
  });

  test("works for a model that is frozen", () => {
    expect(shareIn(gradCAM(barNet().requiresGrad_(false), "1", twoBars([true, false]), { classIndex: 0 }), [true, false])).toBeGreaterThanOrEqual(0.9);
  });
});

describe("CNN-14 gradCAM refuses", () => {
  const model = barNet();
  const image = twoBars([false, true]);

  test("a layer that is not there: near matches and all paths", () => {
    const nested = new Sequential(new Sequential(new Conv2d(1, 1, 3)), new Flatten());
    expect(() => gradCAM(nested, "0.9", image)).toThrow(UnknownNameError);
    expect(() => gradCAM(nested, "0.9", image)).toThrow('gradCAM: the model has no layer "0.9". Did you mean "0" or "0.0"');
    expect(() => gradCAM(nested, "features", image)).toThrow("Its layers: 0, 0.0, 1.");
  });

  test("a layer without maps, or that does not run, and scores that are none", () => {
    expect(() => gradCAM(model, "3", image)).toThrow('layer "3" gives shape [1, 2]');
    expect(() => gradCAM(new Sequential(new Conv2d(1, 1, 3)), "0", image)).toThrow(ShapeError);
    const idle = Object.assign(barNet(), { spare: new Conv2d(1, 1, 1) });
    expect(() => gradCAM(idle, "spare", image)).toThrow(StateError);
  });

  test("classes that are not there, and options that are none", () => {
    expect(() => gradCAM(model, "1", image, { classIndex: 2 })).toThrow("the model gives 2 scores");
    expect(() => gradCAM(model, "1", image, { classIndex: [0, 1] })).toThrow(ValueError);
    expect(() => gradCAM(model, "1", image, { normalize: "sum" as "max" })).toThrow(ValueError);
    expect(() => gradCAM(model, "1", image, { size: 3 } as object)).toThrow(UnknownNameError);
    expect(() => gradCAM(model, "1", image.select(0, 0))).toThrow(ShapeError);
  });
});
