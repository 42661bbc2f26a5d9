import { Generator, full, ones, rand, tensor, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { horizontalFlip, rgbToGrayscale } from "../functional/index.js";
import {
  CenterCrop, ColorJitter, Compose, ElasticTransform, GaussianBlur, Grayscale, Normalize, Pad, RandomAffine, RandomApply, RandomCrop, RandomErasing,
  RandomGrayscale, RandomHorizontalFlip, RandomPerspective, RandomResizedCrop, RandomRotation, RandomVerticalFlip, Resize,
} from "./index.js";

const picture = (shape: readonly number[], seed = 1): Tensor => rand(shape, { generator: new Generator(seed) });
const values = (x: Tensor): number[] => Array.from(x.dataSync());
const images = (x: Tensor): Tensor[] => Array.from({ length: x.shape[0] }, (_, i) => x.select(0, i));
const seeded = (seed: number) => ({ generator: new Generator(seed) });

describe("CNN-06 chance", () => {
  test("pictures are flipped or left to the bit, about p of them; p = 0 and p = 1 are certain", () => {
    const x = picture([200, 1, 3, 4]);
    const flips = images(new RandomHorizontalFlip({ p: 0.3, ...seeded(1) }).forward(x)).map((image, i) => {
      const [before, after] = [values(x.select(0, i)), values(image)];
      const flipped = values(horizontalFlip(x.select(0, i)));
      expect([before, flipped]).toContainEqual(after);
      return before.every((value, at) => value === after[at]) ? 0 : 1;
    });
    expect(flips.reduce<number>((sum, flip) => sum + flip, 0)).toBeGreaterThan(40);
    expect(flips.reduce<number>((sum, flip) => sum + flip, 0)).toBeLessThan(80);
    expect(new RandomVerticalFlip({ p: 0 }).forward(x)).toBe(x);
    expect(values(new RandomHorizontalFlip({ p: 1 }).forward(x))).toEqual(values(horizontalFlip(x)));
  });

  test("RandomApply applies all or nothing to each picture, and keeps to one size in a batch", () => {
    const x = picture([40, 3, 4, 4]);
    const result = images(new RandomApply([new RandomHorizontalFlip({ p: 1 }), new Normalize(0, 0.5)], seeded(2)).forward(x));
    const changed = result.filter((image, i) => {
      const [before, after] = [values(x.select(0, i)), values(image)];
      expect([before, values(horizontalFlip(x.select(0, i)).mul(2))]).toContainEqual(after);
      return after[0] !== before[0];
    });
    expect(changed.length).toBeGreaterThan(10);
    expect(changed.length).toBeLessThan(30);
    expect(() => new RandomApply([new CenterCrop(2)], seeded(1)).forward(x)).toThrow("some pictures would be 3 × 2 × 2, the others 3 × 4 × 4");
    expect(new RandomApply([new CenterCrop(2)], { p: 1 }).forward(x).shape).toEqual([40, 3, 2, 2]);
  });

  test("Compose draws for each picture of a batch, in the order of its transforms", () => {
    const turn = new Compose([new RandomRotation([90, 90]), new Normalize(1, 1)]);
    expect(turn.forward(tensor([[[1, 2], [3, 4]]])).toArray()).toEqual([[[1, 3], [0, 2]]]);
    const several = new RandomAffine(30, seeded(4)).forward(picture([1, 1, 8, 8]).expand([3, 1, 8, 8]));
    expect(new Set(images(several).map((image) => values(image).join())).size).toBe(3);
    expect(new Compose([]).forward(several)).toBe(several);
    const wrong: object = [horizontalFlip];
    expect(() => new Compose(wrong as Compose[])).toThrow("element 0 is no transform");
  });
});

describe("CNN-06 windows", () => {
  // Pixel (row, column) holds 100·row + column.
  const numbered = (height: number, width: number): Tensor =>
    tensor(Array.from({ length: height * width }, (_, i) => 100 * Math.floor(i / width) + (i % width))).reshape([1, height, width]);

  test("RandomCrop takes every place, each picture its own", () => {
    const x = numbered(5, 6).expand([300, 1, 5, 6]);
    const corners = images(new RandomCrop([3, 4], seeded(1)).forward(x)).map((image) => {
      const [corner, ...rest] = values(image);
      expect(rest).toEqual(values(numbered(3, 4)).slice(1).map((value) => value + corner));
      return corner;
    });
    expect(new Set(corners)).toEqual(new Set([0, 1, 2, 100, 101, 102, 200, 201, 202]));
  });

  test("RandomCrop pads first: all around, and as far as it takes where asked", () => {
    const x = numbered(2, 2).add(1).expand([100, 1, 2, 2]);
    const sums = images(new RandomCrop(2, { padding: 1, fill: 0, ...seeded(2) }).forward(x)).map((image) => values(image).filter((value) => value > 0).length);
    expect(new Set(sums)).toEqual(new Set([1, 2, 4]));
    expect(new RandomCrop([2, 5], { padIfNeeded: true }).forward(x).shape).toEqual([100, 1, 2, 5]);
    expect(() => new RandomCrop(3).forward(x)).toThrow("RandomCrop: the size is 3 × 3, the pictures are 2 × 2. Give padding, or set padIfNeeded.");
  });

  test("RandomResizedCrop keeps areas and ratios within their bounds", () => {
    const crop = new RandomResizedCrop([2, 2], { scale: [0.25, 0.25], ratio: [1, 1], antialias: false, ...seeded(3) });
    const ramp = numbered(8, 8).expand([50, 1, 8, 8]);
    for (const image of images(crop.forward(ramp))) {
      const [upperLeft, upperRight, lowerLeft] = values(image);
      expect(upperRight - upperLeft).toBeCloseTo(2, 3);
      expect(lowerLeft - upperLeft).toBeCloseTo(200, 3);
    }
    expect(new RandomResizedCrop(4, { scale: [5, 6] }).forward(picture([3, 6, 12])).shape).toEqual([3, 4, 4]);
    expect(() => new RandomResizedCrop(4, { scale: [0.5, 0.2] })).toThrow("scale is [0.5, 0.2]");
  });

  test("Resize, Pad and CenterCrop do it to all", () => {
    expect(new Resize(4).forward(picture([2, 3, 8, 12])).shape).toEqual([2, 3, 4, 6]);
    expect(new Pad(1, { fill: 5 }).forward(zeros([1, 1, 1])).toArray()).toEqual([[[5, 5, 5], [5, 0, 5], [5, 5, 5]]]);
    expect(new CenterCrop(2).forward(numbered(4, 4)).toArray()).toEqual([[[101, 102], [201, 202]]]);
  });

  test("RandomErasing erases windows of the area that was asked for", () => {
    const erasing = new RandomErasing({ p: 1, scale: [0.1, 0.2], ratio: [0.5, 2], value: [1, 2, 3], ...seeded(5) });
    for (const image of images(erasing.forward(zeros([20, 3, 20, 20])))) {
      const erased = values(image.select(0, 0)).filter((value) => value === 1).length / 400;
      expect(erased).toBeGreaterThan(0.07);
      expect(erased).toBeLessThan(0.25);
      expect(values(image.select(0, 2))).toEqual(values(image.select(0, 0)).map((value) => 3 * value));
    }
    const noise = new RandomErasing({ p: 1, scale: [0.9, 0.9], ratio: [1, 1], value: "random", ...seeded(6) }).forward(zeros([4, 3, 40, 40]));
    const drawn = values(noise).filter((value) => value !== 0);
    expect(drawn.length / noise.size).toBeCloseTo(0.9, 1);
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(0, 1);
    expect(drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length).toBeCloseTo(1, 1);
    const whole = ones([1, 4, 4]);
    expect(values(new RandomErasing({ p: 1, scale: [1, 1], ratio: [1, 1] }).forward(whole))).toEqual(values(whole));
  });
});

describe("CNN-06 colours", () => {
  test("ColorJitter changes each picture by a factor of its own, within the range", () => {
    const means = images(new ColorJitter({ brightness: 0.5, ...seeded(1) }).forward(full([200, 3, 2, 2], 0.4))).map((image) => image.mean().item() / 0.4);
    expect(Math.min(...means)).toBeGreaterThan(0.5);
    expect(Math.max(...means)).toBeLessThan(1.5);
    expect(means.reduce((sum, mean) => sum + mean, 0) / 200).toBeCloseTo(1, 1);
    expect(new Set(means).size).toBeGreaterThan(150);
    const x = picture([2, 3, 4, 4]);
    expect(new ColorJitter().forward(x)).toBe(x);
  });

  test("ColorJitter adjusts in random order", () => {
    const x = picture([3, 4, 4]);
    const jitter = new ColorJitter({ brightness: [2, 2], contrast: [0.1, 0.1] });
    const results = new Set(Array.from({ length: 20 }, (_, seed) => values(jitter.forward(x, new Generator(seed))).map((value) => value.toFixed(4)).join()));
    expect(results.size).toBe(2);
  });

  test("grey pictures have one channel, or as many as asked for", () => {
    const x = picture([4, 3, 2, 2]);
    expect(new Grayscale().forward(x).shape).toEqual([4, 1, 2, 2]);
    expect(values(new RandomGrayscale({ p: 1 }).forward(x))).toEqual(values(rgbToGrayscale(x, 3)));
    expect(() => new Grayscale(2)).toThrow("numOutputChannels is 2");
  });

  test("GaussianBlur keeps the sum of what lies inside, wider for a larger spread", () => {
    const x = zeros([1, 9, 9]).add(tensor(Array.from({ length: 81 }, (_, i) => (i === 40 ? 1 : 0))).reshape([1, 9, 9]));
    const [narrow, wide] = [0.5, 1].map((sigma) => new GaussianBlur(5, { sigma }).forward(x));
    expect(narrow.sum().item()).toBeCloseTo(1, 5);
    expect(wide.sum().item()).toBeCloseTo(1, 5);
    expect(wide.max().item()).toBeLessThan(narrow.max().item() / 2);
    const flat = full([3, 3, 5, 5], 0.3);
    new GaussianBlur([3, 9]).forward(flat).dataSync().forEach((value: number) => { expect(value).toBeCloseTo(0.3, 5); });
    expect(() => new GaussianBlur(4)).toThrow("kernelSize is [4, 4]");
    expect(() => new GaussianBlur(11).forward(flat)).toThrow("a kernel of 11 does not fit 5 pixels. Use at most 9.");
  });

  test("Normalize.fit gives mean 0 and variance 1 in every channel", () => {
    const x = picture([5, 3, 6, 6]).mul(tensor([0.2, 0.5, 1]).reshape([3, 1, 1])).add(0.1);
    const normalized = Normalize.fit(x).forward(x);
    for (const channel of [0, 1, 2]) {
      const own = normalized.select(1, channel);
      expect(own.mean().item()).toBeCloseTo(0, 5);
      expect(own.square().mean().item()).toBeCloseTo(1, 4);
    }
    expect(() => Normalize.fit(full([2, 1, 3, 3], 0.5))).toThrow("Normalize: std of channel 0 is 0");
    expect(() => Normalize.fit(zeros([0, 1, 3, 3]))).toThrow("Give at least one");
  });
});

describe("CNN-06 motion", () => {
  test("identity parameters give the picture", () => {
    const x = picture([2, 3, 6, 7]);
    const nearest = { interpolation: "nearest" } as const;
    const flat = new RandomPerspective({ p: 1, distortionScale: 0, ...nearest });
    for (const still of [new RandomRotation(0), new RandomAffine(0), flat, new ElasticTransform({ alpha: 0, ...nearest })]) {
      expect(values(still.forward(x))).toEqual(values(x));
    }
  });

  test("RandomRotation turns by angles within its range; expand shows everything", () => {
    const x = zeros([1, 21, 21]).add(tensor(Array.from({ length: 441 }, (_, i) => (i === 10 ? 1 : 0))).reshape([1, 21, 21]));
    for (let seed = 0; seed < 20; seed++) {
      const { keypoints } = new RandomRotation([10, 30]).forward({ image: x, keypoints: tensor([[10.5, 0.5]]) }, new Generator(seed));
      const [dx, dy] = values(keypoints).map((coordinate) => coordinate - 10.5);
      const degrees = (Math.atan2(-dx, -dy) * 180) / Math.PI;
      expect(degrees).toBeGreaterThan(10);
      expect(degrees).toBeLessThan(30);
    }
    expect(new RandomRotation([45, 45], { expand: true }).forward(x).shape).toEqual([1, 31, 31]);
    expect(() => new RandomRotation(5, { expand: true }).forward(x.expand([2, 1, 21, 21]))).toThrow("expand gives each of the 2 pictures a size of its own");
    expect(() => new RandomRotation(-5)).toThrow("degrees is -5");
    expect(() => new RandomAffine(5, { scale: [0, 1] })).toThrow("scale is 0");
    expect(() => new RandomAffine(5, { translate: [2, 0] })).toThrow("translate is 2");
    expect(() => new RandomAffine(5, { shear: [1, 2, 3] })).toThrow("shear has 3 numbers");
  });
});
