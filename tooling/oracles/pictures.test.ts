// Pictures against torchvision, Pillow and matplotlib, and through files.
import { decodePng, encodePng } from "@dl/data";
import { Generator, rand } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { colourMap, drawMasks, fromImage, makeGrid, toBytes, toGrey, toImage, toRgb } from "@dl/vision";
import type { AlphaOptions, ColourMapName, DrawMasksOptions, GridOptions } from "@dl/vision";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFixture } from "./fixture.js";

type Tensors = Readonly<Record<string, Tensor>>;
interface Named {
  readonly name: ColourMapName;
}
type Options = GridOptions & DrawMasksOptions & AlphaOptions & Named;

/** How far numbers may lie apart: a byte, where the other side rounds to bytes; five, as maps are mixed from every fifteenth colour. */
const methods: Readonly<Record<string, readonly [tolerance: number, call: (options: Options, tensors: Tensors) => Tensor]>> = {
  makeGrid: [1e-5, (options, { images }) => makeGrid(images, options)],
  drawMasks: [1 / 255, (options, { image, mask }) => drawMasks(image, mask, options)],
  toGrey: [1 / 255, (options, { image }) => toGrey(image, options)],
  toRgb: [1 / 255, (options, { image }) => toRgb(image, options)],
  colourMap: [5.5 / 255, ({ name }, { values }) => colourMap(name)(values)],
};

const cases = readFixture<Options>("pictures");

describe.each(Object.entries(methods))("CNN-06 CNN-14 %s", (name, [tolerance, call]) => {
  const own = cases.filter((one) => one.name === name);

  test(`${own.length} cases as others compute them`, () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { options, tensors } of own) {
      const found = call(options, tensors);
      expect(found.shape).toEqual(tensors.result.shape);
      expect(found.sub(tensors.result).abs().max().item(), JSON.stringify(options)).toBeLessThanOrEqual(tolerance + 1e-6);
    }
  });
});

test("CNN-06 toBytes rounds as the PNG encoder does", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(1, 3), (seed, channels) => {
    const image = rand([channels, 4, 5], { generator: new Generator(seed) });
    const read = toImage(decodePng(encodePng(fromImage(image))));
    expect(toBytes(image).toArray()).toStrictEqual(toBytes(read).toArray());
  }), { numRuns: 30 });
});
