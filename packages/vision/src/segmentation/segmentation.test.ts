import { backward, gradcheck } from "@dl/autograd";
import { Conv2d, crossEntropy, Flatten, Linear, ReLU, registerForwardHook, Sequential } from "@dl/nn";
import { ShapeError, ValueError } from "@dl/registry";
import { arange, full, Generator, isTensor, rand, randint, randn, tensor, zeros, type Tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boundaryWeights, connectedComponents, distanceTransform, extractPatches, PatchSegmenter, pixelCrossEntropy, predictMask, slidingWindow, UNet,
} from "./index.js";

const rowsOf = (x: Tensor): number[][] => x.toArray() as number[][];
const largest = (x: Tensor): number => x.abs().max().item();

describe("SEG-02 patches", () => {
  test("a patch for every pixel, with the pixel in its middle and its label", () => {
    const image = rand([2, 3, 5, 6], { generator: new Generator(1) });
    const mask = randint(0, 9, [2, 5, 6], { generator: new Generator(2) });
    const { patches, labels, rows, columns } = extractPatches(image, 3, { mask });
    expect(patches.shape).toStrictEqual([60, 3, 3, 3]);
    expect([rows, columns]).toStrictEqual([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5]]);
    expect(patches.select(3, 1).select(2, 1).toArray()).toStrictEqual(image.permute([0, 2, 3, 1]).reshape([60, 3]).toArray());
    expect(labels.toArray()).toStrictEqual(mask.flatten().toArray());
  });

  test("strides and edges, on the numbers 0 to 15", () => {
    const image = arange(16).to("float32").reshape([1, 4, 4]);
    const inside = extractPatches(image, 3, { pad: "none", mask: image.squeeze(0).to("int32") });
    expect(rowsOf(inside.patches.flatten(1))).toStrictEqual([
      [0, 1, 2, 4, 5, 6, 8, 9, 10], [1, 2, 3, 5, 6, 7, 9, 10, 11], [4, 5, 6, 8, 9, 10, 12, 13, 14], [5, 6, 7, 9, 10, 11, 13, 14, 15],
    ]);
    expect(inside.labels.toArray()).toStrictEqual([5, 6, 9, 10]);
    const coarse = extractPatches(image, 3, { stride: 3, pad: "zeros" });
    expect([coarse.rows, coarse.columns, coarse.labels]).toStrictEqual([[0, 3], [0, 3], null]);
    expect(rowsOf(coarse.patches.flatten(1))[0]).toStrictEqual([0, 0, 0, 0, 0, 1, 0, 4, 5]);
    expect(rowsOf(extractPatches(image, 3).patches.flatten(1))[0]).toStrictEqual([5, 4, 5, 1, 0, 1, 5, 4, 5]);
    expect(rowsOf(extractPatches(image, 3, { pad: "replicate" }).patches.flatten(1))[0]).toStrictEqual([0, 0, 1, 0, 0, 1, 4, 4, 5]);
  });

  test("labels are those of the centres, whatever the stride and the edge", () => {
    const length = fc.integer({ min: 5, max: 9 });
    const edges = fc.constantFrom("reflect", "replicate", "zeros", "none");
    fc.assert(fc.property(length, length, fc.constantFrom(1, 3, 5), fc.integer({ min: 1, max: 4 }), edges, (height, width, size, stride, pad) => {
      const image = arange(height * width).to("float32").reshape([1, height, width]);
      const { patches, labels, rows, columns } = extractPatches(image, size, { stride, pad, mask: image.squeeze(0).to("int32") });
      const middle = (size - 1) / 2;
      const centres = rows.flatMap((row) => columns.map((column) => row * width + column));
      expect(labels.toArray()).toStrictEqual(centres);
      expect(patches.select(3, middle).select(2, middle).flatten().toArray()).toStrictEqual(centres);
    }), { numRuns: 40 });
  });

  test("one pass through the classifier per pixel, and what a convolution gives at once", () => {
    const generator = new Generator(3);
    const conv = new Conv2d(2, 4, 3, { padding: 1, paddingMode: "reflect", generator });
    const classifier = new Sequential(new Flatten(), new Linear(18, 4, { generator }));
    classifier.loadStateDict({ "1.weight": conv.weight.reshape([4, 18]), "1.bias": conv.bias ?? zeros([4]) });
    let passes = 0;
    registerForwardHook(classifier, (_, __, output) => { if (isTensor(output)) passes += output.shape[0]; });
    const image = rand([2, 2, 7, 5], { generator });
    for (const batchSize of [1, 3, 16, 1000]) {
      passes = 0;
      const logits = new PatchSegmenter(classifier, 3, { batchSize }).forward(image);
      expect(passes).toBe(2 * 7 * 5);
      expect(logits.shape).toStrictEqual([2, 4, 7, 5]);
      expect(largest(logits.sub(conv.forward(image)))).toBeLessThan(1e-5);
    }
    expect(new PatchSegmenter(classifier, 3).forward(image.select(0, 1)).shape).toStrictEqual([4, 7, 5]);
  });

  test("what does not fit is refused", () => {
    const image = zeros([1, 4, 6]);
    expect(() => extractPatches(image, 9)).toThrow('patches of 9 × 9 do not fit an image of 4 × 6 with pad "reflect"');
    expect(() => extractPatches(image, 5, { pad: "none" })).toThrow(ShapeError);
    expect(extractPatches(image, 9, { pad: "replicate" }).patches.shape).toStrictEqual([24, 1, 9, 9]);
    expect(() => extractPatches(image, 3, { mask: zeros([6, 4]) })).toThrow("the mask has shape [6, 4], the image [1, 1, 4, 6]");
    expect(() => extractPatches(image, 2)).toThrow(ValueError);
  });
});

describe("SEG-05 sliding windows", () => {
  const pointwise = new Sequential(new Conv2d(2, 3, 1, { generator: new Generator(4) }), new ReLU());
  const image = rand([2, 2, 23, 17], { generator: new Generator(5) });

  const blends = [["constant", 0.25], ["gaussian", 0.5], ["gaussian", 0.9], ["constant", 0]] as const;
  test.each(blends)("a model of single pixels gives exactly the whole image's logits: %s, overlap %d", async (blend, overlap) => {
    const blended = await slidingWindow(pointwise, image, { window: [8, 6], blend, overlap });
    expect(blended.toArray()).toStrictEqual(pointwise.forward(image).toArray());
  });

  test("one image, volumes, and windows larger than what there is", async () => {
    expect((await slidingWindow(pointwise, image.select(0, 0), { window: 64 })).toArray()).toStrictEqual(pointwise.forward(image.select(0, 0)).toArray());
    const volumes = new UNet(1, 2, { dims: 3, depth: 1, base: 2, generator: new Generator(6) });
    const volume = rand([1, 1, 5, 7, 6], { generator: new Generator(7) });
    expect((await slidingWindow(volumes, volume, { window: [4, 4, 6] })).shape).toStrictEqual([1, 2, 5, 7, 6]);
  });

  test("where windows disagree their weighted mean counts", async () => {
    // Every window says its number: 0 for columns 0 to 3, 1 for columns 2 to 5.
    let call = 0;
    const counting = new (class extends Flatten {
      override forward(x: Tensor): Tensor { return full(x.shape, call++); }
    })();
    const blended = async (blend: "constant" | "gaussian"): Promise<number[]> => {
      call = 0;
      const means = await slidingWindow(counting, zeros([1, 1, 6]), { window: [1, 4], overlap: 0.5, batchSize: 1, blend });
      return means.flatten().toArray() as number[];
    };
    expect(await blended("constant")).toStrictEqual([0, 0, 0.5, 0.5, 1, 1]);
    const [near, far] = [0.5, 1.5].map((distance) => Math.exp(-((distance / 0.5) ** 2) / 2));
    const gaussian = await blended("gaussian");
    expect(gaussian[2]).toBeCloseTo(far / (far + near), 6);
    expect(gaussian[3]).toBeCloseTo(near / (far + near), 6);
  });

  test("in evaluation without gradients, and the model is in training again afterwards", async () => {
    const modes: boolean[] = [];
    const model = new Sequential(new Conv2d(2, 1, 1));
    registerForwardHook(model, ({ training }) => { modes.push(training); });
    const result = await slidingWindow(model, image, { window: 12 });
    expect(new Set(modes)).toStrictEqual(new Set([false]));
    expect([model.training, result.requiresGrad]).toStrictEqual([true, false]);
  });

  test("a model that changes the size, and bad options, are refused", async () => {
    await expect(slidingWindow(new Sequential(new Conv2d(2, 1, 3)), image, { window: 8 })).rejects.toThrow("the model maps [8, 2, 8, 8] to [8, 1, 6, 6]");
    await expect(slidingWindow(pointwise, image, { window: 8, overlap: 1 })).rejects.toThrow("overlap is 1");
    await expect(slidingWindow(pointwise, image, { window: [8, 8, 8] })).rejects.toThrow("window is [8, 8, 8]");
  });
});

describe("SEG-01 losses and masks", () => {
  const logits = randn([2, 3, 4, 5], { generator: new Generator(8) });
  const target = randint(0, 3, [2, 4, 5], { generator: new Generator(9) });

  test("without weights it is cross-entropy, with equal ones, too", () => {
    const expected = crossEntropy(logits, target).item();
    expect(pixelCrossEntropy(logits, target).item()).toBe(expected);
    expect(pixelCrossEntropy(logits, target, { weights: full([2, 4, 5], 3) }).item()).toBeCloseTo(expected, 6);
    const options = { weight: tensor([1, 2, 0.5]), ignoreIndex: 1 };
    expect(pixelCrossEntropy(logits, target, { ...options, weights: full([2, 4, 5], 3) }).item()).toBeCloseTo(crossEntropy(logits, target, options).item(), 6);
  });

  test("a weighted mean by hand, and a pixel of weight 0 counts for nothing", () => {
    const two = tensor([[[[0, 0]], [[0, Math.log(3)]]]]);
    const labels = tensor([[[0, 1]]], { dtype: "int32" });
    // −log ½ and −log ¾, of which the second counts three times as much.
    const expected = (Math.log(2) + 3 * Math.log(4 / 3)) / 4;
    expect(pixelCrossEntropy(two, labels, { weights: tensor([[[1, 3]]]) }).item()).toBeCloseTo(expected, 6);
    expect(pixelCrossEntropy(two, labels, { weights: tensor([[[2, 0]]]) }).item()).toBeCloseTo(Math.log(2), 6);
    const half = tensor([[[0, 255]]], { dtype: "int32" });
    expect(pixelCrossEntropy(two, half, { ignoreIndex: 255, weights: tensor([[[2, 9]]]) }).item()).toBeCloseTo(Math.log(2), 6);
  });

  test("gradients with weights and volumes", () => {
    const wide = randn([1, 2, 2, 2, 2], { generator: new Generator(10), dtype: "float64", requiresGrad: true });
    const labels = randint(0, 2, [1, 2, 2, 2], { generator: new Generator(11) });
    const weights = rand([1, 2, 2, 2], { generator: new Generator(12), dtype: "float64" });
    expect(gradcheck((x: Tensor) => pixelCrossEntropy(x, labels, { weights, weight: tensor([1, 3], { dtype: "float64" }) }), [wide])).toBe(true);
  });

  test("masks of another size, and labels that no class has, are named with their place and number", () => {
    expect(() => pixelCrossEntropy(logits, target.slice(2, 1))).toThrow("logits of shape [2, 3, 4, 5] need a mask of shape [2, 4, 5], got [2, 4, 4]");
    expect(() => pixelCrossEntropy(logits, target.unsqueeze(1))).toThrow("A mask has no dim of classes");
    const wrong = tensor([[[0, 1], [2, 255]], [[255, 0], [0, 255]]], { dtype: "int32" });
    expect(() => pixelCrossEntropy(zeros([2, 3, 2, 2]), wrong)).toThrow("label 255 at [0, 1, 1] is not in [0, 3), as 3 of 8 pixels are not.");
    expect(pixelCrossEntropy(zeros([2, 3, 2, 2]), wrong, { ignoreIndex: 255 }).item()).toBeCloseTo(Math.log(3), 6);
    expect(() => pixelCrossEntropy(logits, target, { weights: zeros([4, 5]) })).toThrow("weights of shape [4, 5] for a mask of shape [2, 4, 5]");
  });

  test("predictMask takes the most likely class", () => {
    const model = new Sequential(new Conv2d(1, 3, 1, { generator: new Generator(13) }));
    const x = rand([2, 1, 4, 3], { generator: new Generator(14) });
    const masks = predictMask(model, x);
    expect([masks.dtype, masks.shape]).toStrictEqual(["int32", [2, 4, 3]]);
    expect(masks.toArray()).toStrictEqual(model.forward(x).argmax(1).toArray());
    expect(predictMask(new UNet(1, 3, { depth: 1, base: 1 }), x.select(0, 0)).shape).toStrictEqual([4, 3]);
  });
});

describe("SEG-04 objects of a mask", () => {
  const rowOf = (width: number) => fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width, maxLength: width });
  const masks = fc.integer({ min: 1, max: 9 }).chain((width) => fc.array(rowOf(width), { minLength: 1, maxLength: 9 }));
  const maskOf = (rows: readonly (readonly number[])[]): Tensor => tensor(rows.map((row) => [...row]), { dtype: "int32" });

  test("distances are those of the nearest background pixel, found by looking at all", () => {
    fc.assert(fc.property(masks, (rows) => {
      const background = rows.flatMap((row, y) => row.flatMap((value, x) => (value === 0 ? [[y, x]] : [])));
      const nearest = (y: number, x: number): number => Math.min(Infinity, ...background.map(([v, u]) => Math.sqrt((y - v) ** 2 + (x - u) ** 2)));
      const expected = rows.map((row, y) => row.map((_, x) => Math.fround(nearest(y, x))));
      expect(distanceTransform(maskOf(rows)).toArray()).toStrictEqual(expected);
    }), { numRuns: 200 });
  });

  test("components: corners join with 8 neighbours only; numbers go by first pixels", () => {
    const mask = maskOf([[1, 0, 2, 0], [0, 1, 2, 0], [0, 0, 0, 3]]);
    expect(rowsOf(connectedComponents(mask).labels)).toStrictEqual([[1, 0, 2, 0], [0, 2, 2, 0], [0, 0, 0, 3]]);
    expect(connectedComponents(mask, { neighbours: 8 }).count).toBe(1);
    expect(connectedComponents(zeros([2, 2])).count).toBe(0);
    expect(() => connectedComponents(zeros([1, 2, 2]))).toThrow("Give one map at a time, [H, W]");
  });

  test("neighbours have one number exactly when both are foreground", () => {
    fc.assert(fc.property(masks, (rows) => {
      const labels = rowsOf(connectedComponents(maskOf(rows)).labels);
      labels.forEach((row, y) => row.forEach((label, x) => {
        expect(label > 0).toBe(rows[y][x] === 1);
        if (label > 0 && (labels[y + 1]?.[x] ?? 0) > 0) expect(labels[y + 1][x]).toBe(label);
        if (label > 0 && (row[x + 1] ?? 0) > 0) expect(row[x + 1]).toBe(label);
      }));
    }), { numRuns: 100 });
  });

  test("weights: most in the gap between two objects, by the formula; classes weigh the same in sum", () => {
    const mask = maskOf([[1, 0, 1, 0, 0, 0]]);
    const [weights] = rowsOf(boundaryWeights(mask, { w0: 10, sigma: 5, classBalance: false }));
    [0 + 2, 1 + 1, 0 + 2, 1 + 3, 2 + 4, 3 + 5].forEach((sum, i) => { expect(weights[i]).toBeCloseTo(1 + 10 * Math.exp(-(sum ** 2) / 50), 5); });
    const balanced = boundaryWeights(mask, { w0: 0 });
    expect(balanced.mul(mask.to("float32")).sum().item()).toBeCloseTo(3, 6);
    expect(balanced.sum().item()).toBeCloseTo(6, 5);
  });

  test("fewer than two objects add nothing; batches are done one by one", () => {
    const one = maskOf([[0, 1, 1], [0, 0, 0]]);
    const two = maskOf([[1, 0, 1], [0, 0, 0]]);
    const none = zeros([2, 3], { dtype: "int32" });
    expect(boundaryWeights(one, { classBalance: false }).toArray()).toStrictEqual([[1, 1, 1], [1, 1, 1]]);
    expect(boundaryWeights(none).toArray()).toStrictEqual([[1, 1, 1], [1, 1, 1]]);
    const batch = tensor([rowsOf(one), rowsOf(two), rowsOf(none)], { dtype: "int32" });
    expect(boundaryWeights(batch).toArray()).toStrictEqual([one, two, none].map((mask) => boundaryWeights(mask).toArray()));
    expect(() => boundaryWeights(one, { sigma: 0 })).toThrow("sigma is 0");
    expect(() => boundaryWeights(zeros([2]))).toThrow("Give [H, W] or [N, H, W]");
  });

  test("with its weights a loss teaches the gap: more gradient there than beside it", () => {
    const mask = maskOf([[1, 1, 0, 1, 1, 0, 0, 0]]).unsqueeze(0);
    const logits = zeros([1, 2, 1, 8], { requiresGrad: true });
    backward(pixelCrossEntropy(logits, mask, { weights: boundaryWeights(mask, { sigma: 1 }) }));
    const [slopes] = rowsOf((logits.grad ?? logits).abs().select(1, 0).squeeze(0));
    expect(slopes[2]).toBeGreaterThan(1.5 * slopes[7]);
  });
});
