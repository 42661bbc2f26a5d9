import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { arange, tensor } from "../../create.js";
import { randn } from "../../create-random.js";
import { affineGrid, channelShuffle, flip, gridSample, interpolate, pixelShuffle, pixelUnshuffle, resample } from "../../public-ops.js";
import { Generator } from "../../random/generator.js";

const square = tensor([[[[1, 2], [3, 4]]]]);

describe("interpolate", () => {
  test("SEG-03 bilinear upsampling of [[1, 2], [3, 4]] by 2", () => {
    expect(interpolate(square, { scaleFactor: 2, mode: "bilinear" }).toArray()).toEqual([
      [[[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]]],
    ]);
  });

  test("SEG-03 nearest upsampling of [[1, 2], [3, 4]] by 2, and back by area", () => {
    const large = interpolate(square, { scaleFactor: 2 });
    expect(large.toArray()).toEqual([[[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]]);
    expect(interpolate(large, { size: 2, mode: "area" }).toArray()).toEqual(square.toArray());
  });

  test("SEG-03 any size comes out as asked for, odd ones included, and a ramp stays a ramp with aligned corners", () => {
    const ramp = arange(0, 7, 1, { dtype: "float64" }).reshape([1, 1, 1, 7]).expand([1, 1, 5, 7]);
    for (const mode of ["bilinear", "bicubic"] as const) {
      const resized = interpolate(ramp, { size: [3, 13], mode, alignCorners: true });
      expect(resized.shape).toEqual([1, 1, 3, 13]);
      const inner = resized.slice(3, 2, 11).select(2, 0).reshape([9]);
      expect(inner.sub(arange(2, 11).div(2)).abs().max().item()).toBeLessThan(1e-12);
    }
  });

  test("a missing value stays where it is", () => {
    const holed = tensor([[[1, NaN, 3, 4, 5, 6]]]);
    expect(interpolate(holed, { scaleFactor: 2, mode: "linear" }).slice(2, 6).toArray()).toEqual([[[3.25, 3.75, 4.25, 4.75, 5.25, 5.75, 6].slice(-6)]]);
    expect(interpolate(holed, { size: 4, mode: "area" }).select(2, 3).item()).toBe(5.5);
  });

  test("integers keep their dtype where elements are only copied", () => {
    const pixels = tensor([[[1, 2]]], { dtype: "uint8" });
    expect(interpolate(pixels, { size: 4 }).dtype).toBe("uint8");
    expect(interpolate(pixels, { size: 4, mode: "linear" }).dtype).toBe("float32");
  });

  test("what makes no sense is refused", () => {
    expect(() => interpolate(square, {})).toThrow("neither size nor scaleFactor is given");
    expect(() => interpolate(square, { size: 2, mode: "trilinear" })).toThrow("Use nearest, nearestExact, area, bilinear, bicubic");
    expect(() => interpolate(square.reshape([4]), { size: 2 })).toThrow("Give [N, C, L], [N, C, H, W] or [N, C, D, H, W]");
    expect(() => interpolate(square, { size: [2, 2, 2] })).toThrow(ValueError);
    expect(() => interpolate(square, { scaleFactor: 0.3 })).toThrow("scaleFactor 0.3 leaves nothing of 2");
    expect(() => interpolate(square, { size: 4, antialias: true })).toThrow('antialias is true in mode "nearest"');
    expect(() => interpolate(square, { size: 4, recomputeScaleFactor: true })).toThrow("no scaleFactor is given");
    expect(() => interpolate(square, { scale: 2 } as object)).toThrow(UnknownNameError);
    expect(() => resample(square, 0, [0], { stretch: 0.5 })).toThrow("stretch is 0.5");
  });
});

describe("gridSample", () => {
  const image = randn([2, 3, 4, 5], { dtype: "float64", generator: new Generator(2) });
  const theta = (rows: number[][]): ReturnType<typeof tensor> => tensor([rows, rows], { dtype: "float64" });

  test.each([true, false])("with alignCorners %s the identity gives the image, and a mirror its mirror image", (alignCorners) => {
    for (const mode of ["bilinear", "nearest", "bicubic"] as const) {
      const same = gridSample(image, affineGrid(theta([[1, 0, 0], [0, 1, 0]]), [2, 3, 4, 5], { alignCorners }), { mode, alignCorners });
      expect(same.sub(image).abs().max().item()).toBeLessThan(1e-12);
      const mirrored = gridSample(image, affineGrid(theta([[-1, 0, 0], [0, 1, 0]]), [2, 3, 4, 5], { alignCorners }), { mode, alignCorners });
      expect(mirrored.sub(flip(image, 3)).abs().max().item()).toBeLessThan(1e-12);
    }
  });

  test("positions at infinity or without a value see the padding only", () => {
    const far = tensor([[[[Infinity, 0], [NaN, 0], [0, -Infinity]]]]);
    expect(gridSample(square, far).toArray()).toEqual([[[[0, 0, 0]]]]);
    expect(gridSample(square, far, { paddingMode: "border", mode: "nearest" }).select(3, 0).item()).toBe(2);
  });

  test("what makes no sense is refused", () => {
    expect(() => gridSample(square, tensor([[[0, 0]]]))).toThrow(ShapeError);
    expect(() => gridSample(square, tensor([[[[0, 0]]]], { dtype: "int32" }))).toThrow(DTypeError);
    expect(() => gridSample(square.unsqueeze(2), tensor([[[[[0, 0, 0]]]]]), { mode: "bicubic" })).toThrow("bicubic for a volume");
    expect(() => gridSample(square, tensor([[[[0, 0]]]]), { paddingMode: "wrap" as "zeros" })).toThrow('paddingMode is "wrap"');
    expect(() => affineGrid(tensor([[[1, 0, 0], [0, 1, 0]]]), [1, 1, 2])).toThrow(ShapeError);
  });
});

test("pixelUnshuffle undoes pixelShuffle, and shuffling by the other factor undoes channelShuffle", () => {
  const x = randn([2, 12, 2, 3], { generator: new Generator(5) });
  expect(pixelUnshuffle(pixelShuffle(x, 2), 2).toArray()).toEqual(x.toArray());
  expect(channelShuffle(channelShuffle(x, 3), 4).toArray()).toEqual(x.toArray());
});
