import { ValueError, createRegistry } from "@dl/registry";
import { tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { nn } from "../../plugin.js";
import { layerExamples } from "../examples.js";
import { PixelShuffle, Upsample, UpsamplingBilinear2d, UpsamplingNearest2d } from "./index.js";

const square = tensor([[[[1, 2], [3, 4]]]]);

describe("Upsample", () => {
  test("SEG-03 bilinear and nearest upsampling of [[1, 2], [3, 4]] by 2", () => {
    expect(new Upsample({ scaleFactor: 2, mode: "bilinear" }).forward(square).toArray()).toEqual([
      [[[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]]],
    ]);
    const repeated = [[[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]];
    expect(new Upsample({ scaleFactor: 2 }).forward(square).toArray()).toEqual(repeated);
    expect(new UpsamplingNearest2d({ size: 4 }).forward(square).toArray()).toEqual(repeated);
  });

  test("UpsamplingBilinear2d keeps the corners where they are", () => {
    expect(new UpsamplingBilinear2d({ size: 3 }).forward(square).toArray()).toEqual([[[[1, 1.5, 2], [2, 2.5, 3], [3, 3.5, 4]]]]);
  });

  test("JSON gives the layer again", () => {
    const layer = new Upsample({ size: [3, 3], mode: "bicubic", alignCorners: true });
    const built = createRegistry(nn).build(JSON.parse(JSON.stringify(layer)) as unknown);
    expect(built).toBeInstanceOf(Upsample);
    expect(JSON.stringify(built)).toBe(JSON.stringify(layer));
  });

  test("what makes no sense is refused when the layer is made", () => {
    expect(() => new Upsample({})).toThrow("neither size nor scaleFactor is given");
    expect(() => new UpsamplingNearest2d({ size: 2, scaleFactor: 2 })).toThrow("both size and scaleFactor are given");
    expect(() => new PixelShuffle(1.5)).toThrow(ValueError);
  });
});

test("every layer of this folder is registered and has an example", () => {
  const types = ["nn/ChannelShuffle", "nn/PixelShuffle", "nn/PixelUnshuffle", "nn/Upsample", "nn/UpsamplingBilinear2d", "nn/UpsamplingNearest2d"];
  const shown = new Set(layerExamples().map(({ layer }) => (JSON.parse(JSON.stringify(layer())) as { type: string }).type));
  expect(types.filter((type) => !shown.has(type) || !Object.hasOwn(createRegistry(nn).layers, type))).toEqual([]);
});
