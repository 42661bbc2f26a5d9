import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, arange, full, ones, rand, stack, tensor, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import {
  colourMap, drawBoxes, drawMasks, fromBytes, fromImage, makeGrid, overlayHeatmap, toBytes, toGrey, toImage, toRgb, upscale, type Colour,
} from "./index.js";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());
const red: Colour = [1, 0, 0];
const blue: Colour = [0, 0, 1];

describe("CNN-06 bytes and floats", () => {
  test("every byte comes back, and values go to the nearest", () => {
    const bytes = arange(256).to("uint8").reshape([1, 16, 16]);
    expect(numbers(toBytes(fromBytes(bytes)))).toStrictEqual(numbers(bytes));
    expect(numbers(toBytes(tensor([-1, 0.5 / 255 + 1e-7, 0.5, 0.999, 1, 7])))).toStrictEqual([0, 1, 128, 255, 255, 255]);
  });

  test("another dtype, NaN, a batch and channels last are refused", () => {
    expect(() => toBytes(tensor([1], { dtype: "int32" }))).toThrow(DTypeError);
    expect(() => fromBytes(tensor([1]))).toThrow(DTypeError);
    expect(() => toBytes(tensor([0, NaN]))).toThrow("value 1 of the image is NaN");
    expect(() => fromImage(zeros([2, 3, 4, 4]))).toThrow("or makeGrid(images)");
    expect(() => toImage({ dtype: "float32", shape: [9, 8, 3], data: new Float32Array(216) })).toThrow(ShapeError);
    expect(() => toImage({ dtype: "uint8", shape: [1, 2, 2], data: new Uint8Array(4) })).toThrow(DTypeError);
  });
});

describe("CNN-06 channels", () => {
  const pixel = (...values: number[]): Tensor => tensor(values).reshape([values.length, 1, 1]);

  test("grey by the weights of the eye, colours from grey", () => {
    expect(toGrey(pixel(1, 0, 0)).item()).toBeCloseTo(0.299, 6);
    expect(toGrey(pixel(0.2, 0.4, 0.6)).item()).toBeCloseTo(0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.6, 6);
    expect(toRgb(stack([pixel(0.5), pixel(1)])).toArray()).toStrictEqual([[[[0.5]], [[0.5]], [[0.5]]], [[[1]], [[1]], [[1]]]]);
    expect(toRgb(pixel(1, 0, 0)).toArray()).toStrictEqual([[[1]], [[0]], [[0]]]);
  });

  test("alpha is dropped, or laid on a background", () => {
    expect(numbers(toRgb(pixel(1, 0.5, 0, 0.25)))).toStrictEqual([1, 0.5, 0]);
    expect(numbers(toRgb(pixel(1, 0.5, 0, 0.25), { background: [0, 0, 1] }))).toStrictEqual([0.25, 0.125, 0.75]);
    expect(numbers(toRgb(pixel(0.5, 0.5), { background: [1, 0, 0] }))).toStrictEqual([0.75, 0.25, 0.25]);
    expect(toGrey(pixel(0.5, 0.5)).toArray()).toStrictEqual([[[0.5]]]);
    expect(toGrey(pixel(0.5, 0.5), { background: [1, 1, 1] }).item()).toBeCloseTo(0.75, 6);
  });

  test("five channels, channels last and colours that are none are refused", () => {
    expect(() => toRgb(zeros([5, 4, 4]))).toThrow(ShapeError);
    expect(() => toGrey(zeros([8, 8, 3]))).toThrow("channels seem to stand last");
    expect(() => toRgb(zeros([4, 2, 2]), { background: [0, 0, 2] })).toThrow(ValueError);
    expect(() => toRgb(zeros([4, 2, 2]), { colour: 1 } as object)).toThrow(UnknownNameError);
  });
});

describe("CNN-06 grids", () => {
  const images = stack([1, 2, 3].map((value) => full([1, 1, 2], value)));

  test("three images in two columns", () => {
    expect(makeGrid(images, { columns: 2, padding: 1, value: 9 }).toArray()).toStrictEqual([[
      [9, 9, 9, 9, 9, 9, 9], [9, 1, 1, 9, 2, 2, 9], [9, 9, 9, 9, 9, 9, 9], [9, 3, 3, 9, 9, 9, 9], [9, 9, 9, 9, 9, 9, 9],
    ]]);
    expect(makeGrid([full([3, 2, 2], 1)], { padding: 0 }).shape).toStrictEqual([3, 2, 2]);
    expect(makeGrid(images).shape).toStrictEqual([1, 5, 14]);
  });

  test("stretched together, and each by itself", () => {
    const pair = tensor([[[[0, 2]]], [[[4, 8]]]]);
    expect(makeGrid(pair, { padding: 0, normalize: "all" }).toArray()).toStrictEqual([[[0, 0.25, 0.5, 1]]]);
    expect(makeGrid(pair, { padding: 0, normalize: "each" }).toArray()).toStrictEqual([[[0, 1, 0, 1]]]);
  });

  test("upscale repeats pixels", () => {
    expect(upscale(tensor([[[1, 2]]]), 2).toArray()).toStrictEqual([[[1, 1, 2, 2], [1, 1, 2, 2]]]);
    expect(upscale(images, 3).shape).toStrictEqual([3, 1, 3, 6]);
  });

  test("nothing, one image without a batch, images of two shapes and bad numbers are refused", () => {
    expect(() => makeGrid([])).toThrow("there are no images");
    expect(() => makeGrid(zeros([1, 2, 2]))).toThrow(ShapeError);
    expect(() => makeGrid([zeros([1, 2, 2]), zeros([1, 2, 3])])).toThrow(ShapeError);
    expect(() => makeGrid(images, { columns: 0 })).toThrow(ValueError);
    expect(() => makeGrid(images, { normalize: true as never })).toThrow(ValueError);
    expect(() => upscale(images, 1.5)).toThrow(ValueError);
  });
});

describe("CNN-14 colours of heat", () => {
  test("maps begin and end where they should, and are even in between", () => {
    const ends = tensor([[0, 1]]);
    const bytes = (map: Tensor): number[][] => [0, 1].map((i) => numbers(toBytes(map.select(2, i))));
    expect(bytes(colourMap("viridis")(ends))).toStrictEqual([[68, 1, 84], [253, 231, 37]]);
    expect(bytes(colourMap("inferno")(ends))).toStrictEqual([[0, 0, 4], [252, 255, 164]]);
    expect(bytes(colourMap("jet")(ends))).toStrictEqual([[0, 0, 128], [128, 0, 0]]);
    const values = rand([2, 4, 5], { generator: new Generator(1) });
    expect(colourMap("viridis")(values).shape).toStrictEqual([2, 3, 4, 5]);
    expect(numbers(colourMap("greys")(values))).toStrictEqual(numbers(toRgb(values.unsqueeze(1))));
  });

  test("jet by its formula, in steps of 1/100", () => {
    const values = arange(101).div(100).reshape([1, 101]);
    const found = colourMap("jet")(values).toArray() as number[][][];
    for (let i = 0; i <= 100; i++) {
      [3, 2, 1].forEach((c, channel) => { expect(found[channel][0][i]).toBeCloseTo(Math.min(1, Math.max(0, 1.5 - Math.abs((4 * i) / 100 - c))), 1.8); });
    }
  });

  test("heat lies over the picture by alpha", () => {
    const image = full([1, 1, 2], 0.5);
    const found = overlayHeatmap(image, tensor([[0, 1]]), { colours: "greys", alpha: 0.25 });
    expect(found.toArray()).toStrictEqual([[[0.375, 0.625]], [[0.375, 0.625]], [[0.375, 0.625]]]);
    expect(overlayHeatmap(zeros([2, 3, 4, 4]), ones([2, 4, 4])).shape).toStrictEqual([2, 3, 4, 4]);
  });

  test("heat of another size, other names and alphas are refused", () => {
    expect(() => overlayHeatmap(zeros([1, 4, 4]), ones([2, 2]))).toThrow("Give heat of shape [4, 4]");
    expect(() => overlayHeatmap(zeros([1, 4, 4]), ones([4, 4]), { alpha: 2 })).toThrow(ValueError);
    expect(() => colourMap("hot" as "jet")).toThrow(ValueError);
    expect(() => colourMap("jet")(ones([3]))).toThrow(ShapeError);
  });
});

describe("CNN-06 masks and boxes", () => {
  const image = full([1, 2, 2], 0.5);

  test("classes and masks colour what they cover, the last one on top", () => {
    const options = { colours: [red, blue], alpha: 0.5 };
    const labelled = drawMasks(image, tensor([[0, 1], [2, 3]], { dtype: "int32" }), options);
    expect(labelled.toArray()).toStrictEqual([[[0.5, 0.75], [0.25, 0.75]], [[0.5, 0.25], [0.25, 0.25]], [[0.5, 0.25], [0.75, 0.25]]]);
    const masks = tensor([[[true, true], [false, false]], [[true, false], [false, false]]]);
    expect(numbers(drawMasks(image, masks, options)).slice(0, 4)).toStrictEqual([0.25, 0.75, 0.5, 0.5]);
    expect(numbers(drawMasks(image, tensor([[true, false], [false, false]]), options)).slice(0, 4)).toStrictEqual([0.75, 0.5, 0.5, 0.5]);
  });

  test("a box is the line inside of its edges, cut by the picture", () => {
    const found = drawBoxes(zeros([1, 4, 5]), [[1, 1, 4, 4], [4, -3, 9, 1]], { colours: [red, blue] });
    expect((found.toArray() as number[][][])[0]).toStrictEqual([[0, 0, 0, 0, 0], [0, 1, 1, 1, 0], [0, 1, 0, 1, 0], [0, 1, 1, 1, 0]]);
    expect((found.toArray() as number[][][])[2]).toStrictEqual([[0, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]);
    expect(drawBoxes(zeros([1, 4, 5]), [[0, 0, 5, 4]], { colours: [red], width: 2 }).select(0, 0).sum().item()).toBe(20);
  });

  test("masks of another size or of floats, swapped edges and no colours are refused", () => {
    expect(() => drawMasks(image, zeros([3, 3], { dtype: "int32" }))).toThrow("the image has 2 × 2 pixels, the mask shape [3, 3]");
    expect(() => drawMasks(image, zeros([2, 2]))).toThrow("probabilities.ge(0.5)");
    expect(() => drawMasks(stack([image, image]), zeros([2, 2], { dtype: "int32" }))).toThrow(ShapeError);
    expect(() => drawBoxes(image, [[1, 0, 0, 1]])).toThrow(ValueError);
    expect(() => drawBoxes(image, [[1, 0, 0] as never])).toThrow(ShapeError);
    expect(() => drawBoxes(image, [[0, 0, 1, 1]], { colours: [] })).toThrow("colours is empty");
  });
});
