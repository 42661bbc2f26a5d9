import { createRegistry, definePlugin } from "@dl/registry";
import { Generator, manualSeed, rand, randint, tensor, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import {
  CenterCrop, ColorJitter, Compose, CutMix, ElasticTransform, GaussianBlur, Grayscale, MixUp, Normalize, Pad, RandomAffine, RandomApply, RandomCrop,
  RandomErasing, RandomGrayscale, RandomHorizontalFlip, RandomPerspective, RandomResizedCrop, RandomRotation, RandomVerticalFlip, Resize, type Transform,
} from "../index.js";

const picture = (shape: readonly number[], seed = 1): Tensor => rand(shape, { generator: new Generator(seed) });
const values = (x: Tensor): number[] => Array.from(x.dataSync());

/** Everything that moves pixels, for pictures of 24 × 24. */
const moving: Readonly<Record<string, () => Transform>> = {
  RandomHorizontalFlip: () => new RandomHorizontalFlip(),
  RandomVerticalFlip: () => new RandomVerticalFlip(),
  RandomRotation: () => new RandomRotation(40),
  RandomAffine: () => new RandomAffine(30, { translate: [0.1, 0.1], scale: [0.9, 1.2], shear: [-10, 10, -5, 5] }),
  RandomPerspective: () => new RandomPerspective({ distortionScale: 0.3, interpolation: "nearest" }),
  RandomCrop: () => new RandomCrop(24, { padding: 3 }),
  CenterCrop: () => new CenterCrop([20, 28]),
  Pad: () => new Pad([1, 2, 3, 4]),
  Resize: () => new Resize([48, 48], { interpolation: "nearest" }),
  RandomResizedCrop: () => new RandomResizedCrop(24, { scale: [0.8, 1], interpolation: "nearestExact" }),
  ElasticTransform: () => new ElasticTransform({ interpolation: "nearest", alpha: 20, sigma: 4 }),
  Compose: () => new Compose([new RandomHorizontalFlip(), new RandomRotation(20), new RandomCrop([20, 22])]),
  RandomApply: () => new RandomApply([new RandomAffine(10), new RandomVerticalFlip()]),
};

const recolouring: Readonly<Record<string, () => Transform>> = {
  ColorJitter: () => new ColorJitter({ brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 }),
  Grayscale: () => new Grayscale(3),
  RandomGrayscale: () => new RandomGrayscale({ p: 0.5 }),
  GaussianBlur: () => new GaussianBlur([3, 5], { sigma: [0.5, 1] }),
  RandomErasing: () => new RandomErasing({ value: "random" }),
  Normalize: () => new Normalize([0.1, 0.2, 0.3], [1, 2, 3]),
};

const all = { ...moving, ...recolouring };

describe.each(Object.entries(all))("CNN-06 %s", (_, make) => {
  test("the seed decides, and labels stay what they are", () => {
    const image = picture([4, 3, 24, 24]);
    const label = tensor([1, 2, 3, 4], { dtype: "int32" });
    const draw = (seed: number): { image: Tensor; label: Tensor; name: string } => make().forward({ image, label, name: "batch" }, new Generator(seed));
    const [first, again] = [draw(3), draw(3)];
    expect(values(first.image)).toEqual(values(again.image));
    expect(first.label).toBe(label);
    expect(first.name).toBe("batch");
    manualSeed(8);
    const one = values(make().forward(image));
    manualSeed(8);
    expect(values(make().forward(image))).toEqual(one);
  });

  test("one picture is a batch of one", () => {
    const image = picture([3, 24, 24]);
    const alone = make().forward(image, new Generator(5));
    const batch = make().forward(image.unsqueeze(0), new Generator(5));
    expect(alone.shape).toEqual(batch.shape.slice(1));
    expect(values(alone)).toEqual(values(batch));
  });
});

describe.each(Object.entries(moving))("CNN-06 what belongs to a picture moves with it: %s", (_, make) => {
  // A blob of 3 × 3 pixels at the place of the keypoint, in a different place in each picture of the batch.
  const places = [[10, 8], [12, 15], [9, 13], [14, 10]] as const;
  const isNear = (i: number, row: number, column: number): boolean => Math.abs(Math.floor(i / 24) - row) < 2 && Math.abs((i % 24) - column) < 2;
  const blob = (row: number, column: number): number[] => Array.from({ length: 24 * 24 }, (__, i) => Number(isNear(i, row, column)));
  const image = tensor(places.map(([row, column]) => blob(row, column))).reshape([4, 1, 24, 24]);
  const mask = image.squeeze(1).mul(3).to("int32");
  const keypoints = tensor(places.map(([row, column]) => [[column + 0.5, row + 0.5]]));
  const boxes = tensor(places.map(([row, column]) => [[column - 1, row - 1, column + 2, row + 2]]));

  test.each([1, 2, 3, 4, 5])("seed %i", (seed) => {
    const moved = make().forward({ image, mask, keypoints, boxes }, new Generator(seed));
    const [count, , height, width] = moved.image.shape;
    expect(moved.mask.shape).toEqual([count, height, width]);
    for (let n = 0; n < count; n++) {
      const pixels = values(moved.image.select(0, n));
      const labels = values(moved.mask.select(0, n));
      expect(labels.map((label) => label / 3)).toEqual(pixels.map((pixel) => Math.round(pixel)));
      const bright = pixels.flatMap((pixel, i) => (pixel > 0.5 ? [[(i % width) + 0.5, Math.floor(i / width) + 0.5]] : []));
      expect(bright.length).toBeGreaterThan(3);
      const [x, y] = values(moved.keypoints.select(0, n));
      const [left, top, right, bottom] = values(moved.boxes.select(0, n));
      const centre = [0, 1].map((axis) => bright.reduce((sum, place) => sum + place[axis], 0) / bright.length);
      expect(Math.hypot(centre[0] - x, centre[1] - y)).toBeLessThan(0.8);
      for (const [column, row] of bright) expect(column > left - 0.6 && column < right + 0.6 && row > top - 0.6 && row < bottom + 0.6).toBe(true);
      expect(left >= 0 && top >= 0 && right <= width && bottom <= height).toBe(true);
    }
  });
});

describe("CNN-06 samples", () => {
  const image = picture([3, 8, 10]);

  test("a flip mirrors boxes and keypoints, in single pictures and batches", () => {
    const flip = new RandomHorizontalFlip({ p: 1 });
    const sample = { image, boxes: tensor([[1, 2, 4, 5]]), keypoints: tensor([[0.5, 1], [9, 3]]), mask: zeros([8, 10], { dtype: "int32" }) };
    const { boxes, keypoints, mask } = flip.forward(sample);
    expect(boxes.toArray()).toEqual([[6, 2, 9, 5]]);
    expect(keypoints.toArray()).toEqual([[9.5, 1], [1, 3]]);
    expect(mask.shape).toEqual([8, 10]);
  });

  test("masks keep their dtype and hold only labels that they had, and the fill that was asked for", () => {
    const generator = new Generator(4);
    for (const dtype of ["int32", "uint8", "bool"] as const) {
      const mask = randint(0, 2, [2, 24, 24], { generator }).to(dtype);
      const moved = new RandomAffine(45, { interpolation: "bilinear" }).forward({ image: picture([2, 3, 24, 24]), mask }, generator);
      expect(moved.mask.dtype).toBe(dtype);
      expect(new Set(values(moved.mask))).toEqual(new Set([0, 1]));
    }
    const mask = randint(1, 4, [5, 24, 24], { generator });
    const { mask: turned } = new RandomRotation([45, 45], { maskFill: 255 }).forward({ image: picture([3, 24, 24]), mask }, generator);
    expect(turned.shape).toEqual([5, 24, 24]);
    expect(new Set(values(turned))).toEqual(new Set([1, 2, 3, 255]));
    expect(turned.select(1, 0).select(1, 0).toArray()).toEqual([255, 255, 255, 255, 255]);
  });

  test("boxes that leave the picture are cut at its edge", () => {
    const { boxes } = new CenterCrop([4, 4]).forward({ image, boxes: tensor([[0, 0, 10, 8], [4, 3, 5, 9], [0, 0, 1, 1]]) });
    expect(boxes.toArray()).toEqual([[0, 0, 4, 4], [1, 1, 2, 4], [0, 0, 0, 0]]);
    expect(new CenterCrop([4, 4]).forward({ image, boxes: zeros([0, 4]), keypoints: zeros([0, 2]) }).boxes.shape).toEqual([0, 4]);
  });

  test("what does not fit is refused", () => {
    const flip = new RandomHorizontalFlip();
    expect(() => flip.forward({ image, mask: zeros([8, 9]) })).toThrow("RandomHorizontalFlip: the mask has shape [8, 9] for an image of 8 × 10. Give [8, 10].");
    expect(() => flip.forward({ image: picture([2, 3, 8, 10]), mask: zeros([8, 10]) })).toThrow("Give [2, 8, 10]");
    expect(() => flip.forward({ image, boxes: zeros([4]) })).toThrow("boxes has shape [4]. Give [K, 4] for an image");
    expect(() => flip.forward({ image, keypoints: zeros([2, 3]) })).toThrow("keypoints has shape [2, 3]");
    expect(() => flip.forward({ image, boxes: zeros([1, 4], { dtype: "int32" }) })).toThrow("boxes is int32");
    expect(() => flip.forward(picture([28, 28]))).toThrow("image.unsqueeze(0)");
    expect(() => new RandomHorizontalFlip({ p: 1.5 })).toThrow("p is 1.5");
    const typo: object = { propability: 1 };
    expect(() => new RandomHorizontalFlip(typo)).toThrow('unknown option "propability"');
    const number: object = { generator: 3 };
    expect(() => new RandomHorizontalFlip(number)).toThrow("generator is number");
  });
});

describe("CNN-06 layers", () => {
  const layers = {
    CenterCrop, ColorJitter, Compose, CutMix, ElasticTransform, GaussianBlur, Grayscale, MixUp, Normalize, Pad, RandomAffine, RandomApply, RandomCrop,
    RandomErasing, RandomGrayscale, RandomHorizontalFlip, RandomPerspective, RandomResizedCrop, RandomRotation, RandomVerticalFlip, Resize,
  };
  const registry = createRegistry(definePlugin({ name: "transforms", contract: 1, layers }));

  test.each(Object.entries(all))("%s travels as JSON", (_, make) => {
    const layer = make();
    const json: unknown = JSON.parse(JSON.stringify(layer));
    const again = registry.build(JSON.parse(JSON.stringify(layer)) as ReturnType<Transform["toJSON"]>) as Transform;
    expect(JSON.parse(JSON.stringify(again))).toEqual(json);
    const image = picture([2, 3, 24, 24]);
    expect(values(again.forward(image, new Generator(2)))).toEqual(values(layer.forward(image, new Generator(2))));
  });
});
