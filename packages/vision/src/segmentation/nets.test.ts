import { backward } from "@dl/autograd";
import { Adam, Conv2d, Flatten, registerForwardHook, Sequential, type Layer, type Module, type TensorModule } from "@dl/nn";
import { ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { convTranspose2d, Generator, interpolate, isTensor, ones, rand, tensor, zeros, type Shape } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { measuredField } from "../understanding/measured-field.js";
import { segmentationExamples } from "./examples.js";
import { EncoderDecoder, PatchSegmenter, pixelCrossEntropy, predictMask, UNet } from "./index.js";

const parametersOf = (model: Module): number => model.parameters().reduce((sum, { size }) => sum + size, 0);
const generator = new Generator(1);

/** Runs from 17 to 65. */
const sizes = Array.from({ length: 49 }, (_, i) => 17 + i);

describe("SEG-03 encoder and decoder", () => {
  test("bilinear × 2 of the course's square, and a transposed convolution that doubles 3 × 3", () => {
    const square = tensor([[[[1, 2], [3, 4]]]]);
    const doubled = [[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]];
    expect(interpolate(square, { scaleFactor: 2, mode: "bilinear" }).toArray()).toStrictEqual([[doubled]]);
    expect(convTranspose2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { stride: 2 }).toArray()).toStrictEqual(ones([1, 1, 6, 6]).toArray());
  });

  test.each(["nearest", "bilinear", "transposed", "unpool"] as const)("with upsampling %s odd sizes come out as they went in", (upsampling) => {
    const model = new EncoderDecoder(2, 3, { depth: 3, base: 2, upsampling, norm: "none" });
    for (const [height, width] of [[9, 8], [17, 23], [33, 10]]) expect(model.forward(rand([1, 2, height, width])).shape).toStrictEqual([1, 3, height, width]);
  });

  test("all there is goes through the embedding: its channels, an eighth of the size", () => {
    const model = new EncoderDecoder(1, 2, { depth: 3, base: 4, embedding: 5, downsampling: "stride", upsampling: "transposed" });
    let seen: Shape = [];
    registerForwardHook(model.toEmbedding, (_, __, output) => { if (isTensor(output)) seen = output.shape; });
    model.forward(rand([2, 1, 32, 24]));
    expect(seen).toStrictEqual([2, 5, 4, 3]);
  });

  test("unpooling puts values where maxima stood", () => {
    const model = new EncoderDecoder(1, 1, { depth: 1, base: 1, upsampling: "unpool", norm: "none" });
    for (const p of model.parameters()) p.assign(zeros(p.shape));
    // Every convolution hands its middle on: what is left of an image is its largest values, at their places.
    for (const [key, p] of model.namedParameters()) {
      if (!key.endsWith("weight")) continue;
      const [out, into, kernel] = p.shape;
      const middle = zeros(p.shape).toArray() as number[][][][];
      for (let o = 0; o < out; o++) middle[o][Math.min(o, into - 1)][(kernel - 1) / 2][(kernel - 1) / 2] = 1;
      p.assign(tensor(middle));
    }
    const x = tensor([[[1, 2, 5, 3], [4, 3, 2, 1]]]);
    expect(model.forward(x).toArray()).toStrictEqual([[[0, 0, 5, 0], [4, 0, 0, 0]]]);
  });
});

describe("SEG-04 U-Net", () => {
  test("images and volumes come out with a value per class at the size that they had", () => {
    expect(new UNet(3, 5, { depth: 2, base: 2 }).forward(rand([2, 3, 12, 20])).shape).toStrictEqual([2, 5, 12, 20]);
    expect(new UNet(1, 3, { dims: 3, depth: 2, base: 2, norm: "batch" }).forward(rand([1, 1, 8, 12, 9])).shape).toStrictEqual([1, 3, 8, 12, 9]);
    expect(new UNet(1, 2, { depth: 1, base: 2 }).forward(rand([1, 5, 7])).shape).toStrictEqual([2, 5, 7]);
    expect(new UNet(1, 2, { dims: 3, depth: 1, base: 2, upsampling: "trilinear" }).forward(rand([1, 4, 5, 3])).shape).toStrictEqual([2, 4, 5, 3]);
  });

  test("without skips: the same shape, and half as many weights in the first convolution of each decoder block", () => {
    const [full, plain] = [true, false].map((skips) => new UNet(1, 2, { depth: 3, base: 4, skips, generator }));
    const x = rand([1, 1, 16, 16], { generator });
    expect(plain.forward(x).shape).toStrictEqual(full.forward(x).shape);
    const saved = [16, 8, 4].reduce((sum, channels) => sum + channels * channels * 9, 0);
    expect(parametersOf(full) - parametersOf(plain)).toBe(saved);
    const firstOf = (model: UNet): (Shape | undefined)[] => [0, 1, 2].map((i) => model.stateDict().get(`decoder.${i}.0.weight`)?.shape);
    expect(firstOf(full)).toStrictEqual([[16, 32, 3, 3], [8, 16, 3, 3], [4, 8, 3, 3]]);
    expect(firstOf(plain)).toStrictEqual([[16, 16, 3, 3], [8, 8, 3, 3], [4, 4, 3, 3]]);
  });

  test("skips hand details over: with the way through the smallest maps cut, a pixel still sees the 9 × 9 around it, and without skips nothing", () => {
    const seenBy = (skips: boolean): unknown => {
      const model = new UNet(1, 1, { depth: 2, base: 4, skips, generator: new Generator(2) });
      for (const upsampler of model.upsamplers) for (const p of upsampler.parameters()) p.assign(zeros(p.shape));
      return measuredField(model, [1, 16, 16], [6, 7], { samples: 8 });
    };
    expect(seenBy(true)).toStrictEqual([[2, 10], [3, 11]]);
    expect(seenBy(false)).toStrictEqual([undefined, undefined]);
  });

  test("it learns to mark bright pixels in 25 steps", () => {
    const model = new UNet(1, 2, { depth: 2, base: 4, norm: "batch", generator: new Generator(4) });
    const optimizer = new Adam(model.parameters(), { lr: 0.02 });
    const x = rand([2, 1, 12, 12], { generator: new Generator(5) });
    const target = x.gt(0.6).to("int32").squeeze(1);
    for (let step = 0; step < 25; step++) {
      const loss = pixelCrossEntropy(model.forward(x), target);
      optimizer.zeroGrad();
      backward(loss);
      optimizer.step();
    }
    const right = predictMask(model, x).eq(target).to("float32").mean().item();
    expect(right).toBeGreaterThan(0.95);
    expect(model.training).toBe(true);
  });

  test("parameters by hand: two 3 × 3 convolutions per size, transposed ones of 2 × 2, and a 1 × 1 one at the end", () => {
    const block = (from: number, to: number): number => 9 * from * to + to + 9 * to * to + to;
    const by = block(1, 8) + block(8, 16) + block(16, 32) + (4 * 32 * 16 + 16) + block(32, 16) + (4 * 16 * 8 + 8) + block(16, 8) + 8 * 3 + 3;
    expect(parametersOf(new UNet(1, 3, { depth: 2, base: 8 }))).toBe(by);
  });
});

describe("SEG-05 sizes and channels", () => {
  test("every height from 17 to 65 comes out as it went in, and so do widths", () => {
    const model = new UNet(1, 2, { depth: 4, base: 1 });
    for (const height of sizes) {
      const width = 16 + (height % 7);
      expect(model.forward(zeros([1, 1, height, width])).shape).toStrictEqual([1, 2, height, width]);
    }
  });

  test("sizes that fit are not touched: a mirrored image gives a mirrored mask, one of another size is padded evenly", () => {
    const model = new Sequential(new UNet(1, 1, { depth: 2, base: 2, generator: new Generator(6) }));
    const x = rand([1, 1, 8, 8], { generator: new Generator(7) });
    // Of 7 rows one is missing: the mirror image of the last but one stands behind the last.
    const short = x.slice(2, 0, 7);
    const padded = tensor([[(short.toArray() as number[][][][])[0][0].concat([(short.toArray() as number[][][][])[0][0][5]])]]);
    expect(model.forward(short).toArray()).toStrictEqual(model.forward(padded).slice(2, 0, 7).toArray());
  });

  test("an image that cannot be halved so often is refused, with the depth that fits", () => {
    expect(() => new UNet(1, 2, { depth: 4, base: 1 }).forward(zeros([1, 1, 40, 9]))).toThrow(
      "UNet: the size is 40 × 9, and depth 4 needs at least 16 pixels each way. Use a depth of at most 3, or enlarge the images.",
    );
    expect(() => new EncoderDecoder(1, 2, { depth: 1, base: 1 }).forward(zeros([1, 1, 5]))).toThrow("needs at least 2 pixels each way. Enlarge the images.");
  });

  test("many channels and classes; other channels than those are refused", () => {
    expect(new UNet(5, 7, { depth: 1, base: 1 }).forward(zeros([1, 5, 4, 4])).shape).toStrictEqual([1, 7, 4, 4]);
    expect(() => new UNet(3, 2, { depth: 1, base: 1 }).forward(zeros([1, 1, 4, 4]))).toThrow("UNet: the image of shape [1, 1, 4, 4] has 1 channel, expected 3");
    expect(() => new UNet(2, 2, { dims: 3, depth: 1, base: 1 }).forward(zeros([1, 1, 4, 4, 4]))).toThrow(
      "UNet: the volume has shape [1, 1, 4, 4, 4]. Give [N, 2, D, H, W] or [2, D, H, W].",
    );
  });
});

describe("every segmenter", () => {
  const examples = segmentationExamples().map((example, i) => [`${i} ${example.layer().constructor.name}`, example] as const);
  test.each(examples)("SEG-04 %s: shape, gradients, state and JSON", (_, { layer, shapes = [], outputShape }) => {
    const model = layer() as Layer & TensorModule;
    const x = rand(shapes[0], { generator: new Generator(8) });
    const y = model.forward(x);
    expect(y.shape).toStrictEqual(outputShape);
    backward(y.square().sum());
    for (const [key, { grad }] of model.namedParameters()) expect(grad, key).not.toBeNull();
    const other = layer() as Layer & TensorModule;
    other.loadStateDict(model.stateDict());
    expect(other.eval().forward(x).toArray()).toStrictEqual(model.eval().forward(x).toArray());
    expect(JSON.stringify(other)).toBe(JSON.stringify(model));
    expect(JSON.stringify(model)).not.toContain("children");
  });

  test("one seed, the same bits", () => {
    const values = (seed: number): unknown =>
      [...new UNet(1, 2, { depth: 1, base: 2, generator: new Generator(seed) }).stateDict().values()].map((value) => value.toArray());
    expect(values(1)).toStrictEqual(values(1));
    expect(values(2)).not.toStrictEqual(values(1));
  });
});

/** What JavaScript would let through. */
const construct = (own: new (...given: never[]) => Layer, args: readonly unknown[]): unknown => Reflect.construct(own, args);

describe("bad arguments are named", () => {
  const classifier = new Sequential(new Conv2d(1, 2, 3), new Flatten());
  test.each<[() => unknown, new (...given: never[]) => Error, string]>([
    [() => construct(UNet, [1, 2, { dims: 1 }]), ValueError, "dims is 1"],
    [() => new UNet(1, 2, { depth: 0 }), ValueError, "depth is 0"],
    [() => new UNet(1, 2, { upsampling: "trilinear" }), ValueError, 'upsampling is "trilinear". Use one of transposed, bilinear'],
    [() => new UNet(1, 2, { dims: 3, upsampling: "bilinear" }), ValueError, "Use one of transposed, trilinear"],
    [() => construct(UNet, [1, 2, { norm: "layer" }]), ValueError, 'norm is "layer"'],
    [() => construct(UNet, [1, 2, { skip: false }]), UnknownNameError, 'Did you mean "skips"'],
    [() => new UNet(1, 0), ValueError, "numClasses is 0"],
    [() => new EncoderDecoder(1, 2, { downsampling: "stride", upsampling: "unpool" }), ValueError, "There are no maxima to put back"],
    [() => new PatchSegmenter(classifier, 4), ValueError, "patches of 4 × 4 pixels have none in the middle. Use an odd size, such as 5."],
    [() => new PatchSegmenter(classifier, 3, { batchSize: 0 }), ValueError, "batchSize is 0"],
    [
      () => new PatchSegmenter(new Conv2d(1, 2, 3), 3).forward(zeros([1, 4, 4])), ShapeError,
      "the classifier maps [16, 1, 3, 3] to [16, 2, 1, 1]. It has to give logits of shape [16, classes]",
    ],
  ])("%#", (make, kind, message) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });
});
