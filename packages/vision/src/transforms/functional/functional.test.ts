import { backward } from "@dl/autograd";
import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { Generator, full, ones, rand, rot90, stack, tensor, zeros, type Tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as functional from "./index.js";

const {
  adjustBrightness, adjustContrast, adjustHue, adjustSaturation, affine, centerCrop, crop, elastic, erase, horizontalFlip, normalize, pad, perspective, resize,
  resizedCrop, rgbToGrayscale, rotate, verticalFlip,
} = functional;

const picture = (shape: readonly number[], seed = 1): Tensor => rand(shape, { generator: new Generator(seed) });
const same = (a: Tensor, b: Tensor): void => { expect([a.shape, a.toArray()]).toEqual([b.shape, b.toArray()]); };

function close(a: Tensor, b: Tensor, tolerance: number): void {
  expect(a.shape).toEqual(b.shape);
  expect(a.sub(b).abs().max().item()).toBeLessThanOrEqual(tolerance);
}

const sizes = fc.record({ channels: fc.constantFrom(1, 3), height: fc.integer({ min: 2, max: 9 }), width: fc.integer({ min: 2, max: 9 }), seed: fc.nat(1000) });

describe("CNN-06 moving pictures", () => {
  test("quarter turns are exact, both ways round, and four of them are none", () => {
    fc.assert(fc.property(sizes, fc.constantFrom("nearest", "bilinear"), ({ channels, height, width, seed }, interpolation) => {
      const x = picture([channels, height, width], seed);
      same(rotate(x, 90, { expand: true, interpolation }), rot90(x, { dims: [1, 2] }));
      same(rotate(x, -90, { expand: true, interpolation }), rot90(x, { k: -1, dims: [1, 2] }));
      same(rotate(x, 180, { interpolation }), rot90(x, { k: 2, dims: [1, 2] }));
      same(rotate(x, 360, { interpolation }), x);
    }), { numRuns: 25 });
    const square = picture([3, 6, 6]);
    same([1, 2, 3, 4].reduce((x) => rotate(x, 90), square), square);
    expect(rotate(tensor([[[1, 2], [3, 4]]]), 90).toArray()).toEqual([[[2, 4], [1, 3]]]);
  });

  test("a quarter turn in its frame shows the middle, and the fill beside it", () => {
    const x = tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]);
    expect(rotate(x, 90).toArray()).toEqual([[[0, 3, 7, 0], [0, 2, 6, 0]]]);
    expect(rotate(x, 90, { fill: 9 }).toArray()).toEqual([[[9, 3, 7, 9], [9, 2, 6, 9]]]);
  });

  test("flipping twice changes nothing; affine by nothing and equal corners neither", () => {
    fc.assert(fc.property(sizes, ({ channels, height, width, seed }) => {
      const x = picture([2, channels, height, width], seed);
      same(horizontalFlip(horizontalFlip(x)), x);
      same(verticalFlip(verticalFlip(x)), x);
      same(affine(x, {}), x);
      close(affine(x, { interpolation: "bilinear" }), x, 2e-6);
      const corners = [[0, 0], [width, 0], [width, height], [0, height]] as const;
      close(perspective(x, corners, corners), x, 2e-6);
      close(elastic(x, zeros([height, width, 2])), x, 2e-6);
      same(resize(x, [height, width]), x);
      same(pad(x, 0), x);
      same(crop(x, 0, 0, height, width), x);
    }), { numRuns: 25 });
    expect(horizontalFlip(tensor([[[1, 2], [3, 4]]])).toArray()).toEqual([[[2, 1], [4, 3]]]);
  });

  test("whole pixels of translation move them", () => {
    const x = tensor([[[1, 2, 3], [4, 5, 6]]]);
    expect(affine(x, { translate: [1, 0] }).toArray()).toEqual([[[0, 1, 2], [0, 4, 5]]]);
    expect(affine(x, { translate: [0, -1], fill: [7] }).toArray()).toEqual([[[4, 5, 6], [7, 7, 7]]]);
  });

  test("rotate goes against the clock, affine with it", () => {
    const x = picture([1, 9, 9]);
    close(rotate(x, 20, { interpolation: "bilinear" }), affine(x, { angle: -20, interpolation: "bilinear" }), 1e-6);
  });

  test("a batch is its pictures one by one", () => {
    const x = picture([3, 3, 7, 8]);
    const corners = [[0, 0], [7, 0], [7, 6], [0, 6]] as const;
    const ends = [[1, 0], [7, 1], [6, 6], [0, 5]] as const;
    const all: ((image: Tensor) => Tensor)[] = [
      horizontalFlip, verticalFlip, rgbToGrayscale,
      (image) => rotate(image, 33, { interpolation: "bilinear", expand: true }),
      (image) => affine(image, { shear: [10, 5], scale: 1.3, fill: [0.1, 0.2, 0.3] }),
      (image) => perspective(image, corners, ends), (image) => resize(image, 5), (image) => resizedCrop(image, 1, 2, 4, 5, 6),
      (image) => pad(image, [1, 2], { paddingMode: "reflect" }),
      (image) => crop(image, -1, 2, 5, 9), (image) => centerCrop(image, [9, 4]), (image) => adjustContrast(image, 0.3), (image) => adjustHue(image, 0.2),
      (image) => erase(image, 1, 1, 2, 3, [1, 2, 3]), (image) => normalize(image, [0.1, 0.2, 0.3], 2),
    ];
    for (const apply of all) close(apply(x), stack([0, 1, 2].map((i) => apply(x.select(0, i)))), 1e-6);
  });

  test("gradients flow back through moved pictures", () => {
    const x = rand([1, 4, 4], { generator: new Generator(2), requiresGrad: true });
    backward(affine(x, { translate: [1, 0], interpolation: "bilinear" }).sum());
    expect(x.grad?.toArray()).toEqual([Array.from({ length: 4 }, () => [1, 1, 1, 0])]);
  });
});

describe("CNN-06 sizes", () => {
  test("resize keeps proportions, with a longest side where one is given", () => {
    const x = picture([1, 6, 9]);
    expect(resize(x, 4).shape).toEqual([1, 4, 6]);
    expect(resize(x, 4, { maxSize: 5 }).shape).toEqual([1, 3, 5]);
    expect(resize(x, [3, 2]).shape).toEqual([1, 3, 2]);
    close(resize(x, [3, 3], { interpolation: "bilinear" }).mean(), x.mean(), 0.02);
  });

  test("pad shows what its mode says", () => {
    const x = tensor([[[1, 2, 3]]]);
    const row = (options: functional.PaddingOptions): unknown => pad(x, [2, 0], options).select(0, 0).toArray();
    expect(row({ fill: 9 })).toEqual([[9, 9, 1, 2, 3, 9, 9]]);
    expect(row({ paddingMode: "edge" })).toEqual([[1, 1, 1, 2, 3, 3, 3]]);
    expect(row({ paddingMode: "reflect" })).toEqual([[3, 2, 1, 2, 3, 2, 1]]);
    expect(row({ paddingMode: "symmetric" })).toEqual([[2, 1, 1, 2, 3, 3, 2]]);
    expect(pad(ones([2, 1, 1]), [0, 1], { fill: [5, 6] }).toArray()).toEqual([[[5], [1], [5]], [[6], [1], [6]]]);
  });

  test("a crop of the middle rounds halves as Python does", () => {
    const x = tensor([[[0, 1, 2, 3, 4]]]);
    expect(centerCrop(x, [1, 2]).toArray()).toEqual([[[2, 3]]]);
    expect(centerCrop(x, [1, 4]).toArray()).toEqual([[[0, 1, 2, 3]]]);
    expect(centerCrop(x, [1, 8]).toArray()).toEqual([[[0, 0, 1, 2, 3, 4, 0, 0]]]);
  });
});

describe("CNN-06 colours", () => {
  test("the mean brightness scales with the factor", () => {
    fc.assert(fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), ({ channels, height, width, seed }, factor) => {
      const x = picture([channels, height, width], seed);
      expect(adjustBrightness(x, factor).mean().item()).toBeCloseTo(factor * x.mean().item(), 5);
    }), { numRuns: 25 });
    expect(adjustBrightness(full([1, 1, 1], 0.75), 2).toArray()).toEqual([[[1]]]);
  });

  test("a whole turn of the hue changes nothing, two halves neither; a third takes red to green", () => {
    fc.assert(fc.property(sizes, fc.double({ min: -1, max: 1, noNaN: true }), ({ height, width, seed }, factor) => {
      const x = picture([3, height, width], seed);
      close(adjustHue(x, 1), x, 2e-6);
      close(adjustHue(x, -2), x, 2e-6);
      close(adjustHue(adjustHue(x, 0.5), 0.5), x, 2e-6);
      close(adjustHue(adjustHue(x, factor), -factor), x, 1e-5);
    }), { numRuns: 25 });
    const red = tensor([[[1]], [[0]], [[0]]]);
    close(adjustHue(red, 1 / 3), tensor([[[0]], [[1]], [[0]]]), 1e-6);
    close(adjustHue(red, 0.5), tensor([[[0]], [[1]], [[1]]]), 1e-6);
    const grey = full([3, 2, 2], 0.4);
    same(adjustHue(grey, 0.3), grey);
  });

  test("contrast keeps the mean of grey pictures, saturation 0 is the grey picture, 1 the picture", () => {
    const grey = picture([1, 5, 5]).mul(0.2).add(0.4);
    expect(adjustContrast(grey, 1.5).mean().item()).toBeCloseTo(grey.mean().item(), 5);
    const x = picture([3, 4, 4]);
    close(adjustSaturation(x, 0), rgbToGrayscale(x, 3), 1e-6);
    close(adjustSaturation(x, 1), x, 1e-6);
    close(adjustContrast(x, 1), x, 1e-6);
    expect(rgbToGrayscale(tensor([[[1]], [[0]], [[0]]])).item()).toBeCloseTo(0.2989, 6);
  });

  test("factors of a batch are each picture's own", () => {
    const x = picture([2, 3, 4, 4]);
    for (const adjust of [adjustBrightness, adjustContrast, adjustSaturation, adjustHue]) {
      close(adjust(x, [0.2, 0.4]), stack([adjust(x.select(0, 0), 0.2), adjust(x.select(0, 1), 0.4)]), 1e-6);
      expect(() => adjust(x, [1, 1, 1])).toThrow("factor has 3 numbers for an image of shape [2, 3, 4, 4]");
    }
  });
});

describe("CNN-06 mistakes", () => {
  const x = picture([3, 6, 8]);

  test("pictures of another form are recognised", () => {
    expect(() => horizontalFlip(picture([32, 32, 3]))).toThrow("Its channels seem to stand last: image.permute([2, 0, 1])");
    expect(() => adjustHue(picture([4, 6, 6]), 0.1)).toThrow("adjustHue: the image of shape [4, 6, 6] has 4 channels, expected 1 or 3");
    expect(() => rotate(zeros([1, 4, 4], { dtype: "uint8" }), 5)).toThrow(DTypeError);
    expect(() => resize(picture([4, 4]), 2)).toThrow(ShapeError);
  });

  test("parameters out of bounds are refused with what is allowed", () => {
    const typo: object = { interpolatoin: "nearest" };
    expect(() => rotate(x, 5, typo)).toThrow('Did you mean "interpolation"?');
    expect(() => rotate(x, NaN)).toThrow(ValueError);
    expect(() => affine(x, { scale: 0 })).toThrow("affine: scale is 0");
    expect(() => affine(x, { fill: [1, 2] })).toThrow("affine: fill has 2 numbers for 3 channels");
    expect(() => perspective(x, [[0, 0], [1, 1], [2, 2], [0, 2]], [[0, 0], [1, 0], [1, 1], [0, 1]])).toThrow("no three lie on a line");
    expect(() => adjustBrightness(x, -0.1)).toThrow("factor is -0.1");
    expect(() => normalize(x, 0, [1, 0, 1])).toThrow("std of channel 1 is 0");
    expect(() => normalize(x, [0, 0], 1)).toThrow("mean has 2 numbers for 3 channels");
    expect(() => crop(x, 9, 0, 2, 2)).toThrow("rows 9 to 10 and columns 0 to 1 lie outside of 6 × 8 pixels");
    expect(() => crop(x, 0.5, 0, 2, 2)).toThrow("top is 0.5");
    expect(() => erase(x, 0, 5, 2, 4)).toThrow("leaves the picture of 6 × 8");
    expect(() => erase(x, 0, 0, 2, 2, zeros([3, 1, 2]))).toThrow("value has shape [3, 1, 2] for a window of 2 × 2");
    expect(() => resizedCrop(x, 3, 0, 4, 2, 5)).toThrow("leaves the picture");
    expect(() => pad(x, [1, 2, 3])).toThrow("padding is [1, 2, 3]");
    expect(() => pad(x, 7, { paddingMode: "symmetric" })).toThrow("Use 0 to 6");
    expect(() => resize(x, 5, { maxSize: 5 })).toThrow("maxSize is 5, the size 5");
    expect(() => elastic(x, zeros([6, 7, 2]))).toThrow("the displacement has shape [6, 7, 2] for 6 × 8 pixels");
    expect(() => rgbToGrayscale(x, 2)).toThrow("numOutputChannels is 2");
  });
});
