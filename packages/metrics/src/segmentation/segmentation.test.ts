import { ShapeError, StateError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundaryIoU, dice, f1Score, iou, meanIoU, pixelAccuracy } from "../index.js";
import { CM1, listsOf } from "../testing/course.js";
import { depthInside } from "./boundary.js";

/** A square of ones in a map of zeros. */
function square(size: number, from: number, to: number): number[] {
  const inside = (i: number): boolean => i >= from && i < to;
  return Array.from({ length: size * size }, (_, i) => Number(inside(Math.floor(i / size)) && inside(i % size)));
}

describe("overlap of label maps", () => {
  const { predicted, target } = listsOf(CM1);

  test("SEG-01 CM1's intersections over unions", () => {
    const found = iou(predicted, target);
    [0.5714286, 0.5833333, 0.7058824].forEach((value, i) => { expect(found[i]).toBeCloseTo(value, 7); });
    expect(meanIoU(predicted, target)).toBeCloseTo((8 / 14 + 7 / 12 + 12 / 17) / 3, 12);
  });

  test("SEG-01 dice is F1 of pixels, 2·IoU / (1 + IoU) for each class", () => {
    expect(dice(predicted, target)).toBe(f1Score(predicted, target, { average: "macro" }));
    const overlaps = iou(predicted, target);
    dice(predicted, target, { average: "none" }).forEach((value, i) => { expect(value).toBeCloseTo((2 * overlaps[i]) / (1 + overlaps[i]), 12); });
  });

  test("SEG-01 pixels to ignore and classes in neither map do not count", () => {
    expect(pixelAccuracy([0, 1, 1, 0], [0, 1, 255, 1], { numClasses: 2, ignoreIndex: 255 })).toBe(2 / 3);
    expect(meanIoU([0, 1, 1], [0, 1, 255], { numClasses: 5, ignoreIndex: 255 })).toBe(1);
    expect(iou([0, 0], [0, 0], { numClasses: 3 })).toStrictEqual([1, 0, 0]);
    expect(() => meanIoU([0], [255], { numClasses: 2, ignoreIndex: 255 })).toThrow(StateError);
    expect(() => meanIoU([0], [7], { numClasses: 2 })).toThrow(/target 7 at row 0/);
  });
});

describe("boundary IoU", () => {
  test("the depth of a pixel is the king's distance to what is not its class", () => {
    const maps = fc.array(fc.nat({ max: 1 }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(maps, fc.constantFrom([4, 6], [6, 4], [24, 1]), (map, [height, width]) => {
        const isInside = (y: number, x: number): boolean => y >= 0 && x >= 0 && y < height && x < width && map[y * width + x] === 1;
        const expected = map.map((_, i) => {
          const [y, x] = [Math.floor(i / width), i % width];
          let d = 0;
          while (Array.from({ length: (2 * d + 1) ** 2 }, (_n, k) => isInside(y - d + Math.floor(k / (2 * d + 1)), x - d + (k % (2 * d + 1)))).every(Boolean)) d++;
          return d;
        });
        expect([...depthInside(map, 0, height, width, 1)]).toStrictEqual(expected);
      }),
    );
  });

  test("of a 4 × 4 square beside one of 6 × 6: rings of 12 and 20 pixels that never meet", () => {
    const [small, large] = [square(10, 3, 7), square(10, 2, 8)];
    const options = { shape: [10, 10], numClasses: 2, distance: 1, average: "none" } as const;
    expect(boundaryIoU(small, large, options)[1]).toBe(0);
    expect(boundaryIoU(small, large, { ...options, distance: 2 })[1]).toBe(12 / (16 + 32 - 12));
    expect(boundaryIoU(small, large, { ...options, distance: 9 })[1]).toBe(iou(small, large)[1]);
    expect(boundaryIoU(large, large, options)).toStrictEqual([1, 1]);
  });

  test("takes several maps at once, and reaches 2 % of the diagonal unless told otherwise", () => {
    const [small, large] = [square(10, 3, 7), square(10, 2, 8)];
    const options = { shape: [10, 10], numClasses: 2 } as const;
    expect(boundaryIoU([...small, ...large], [...large, ...large], options)).toBeGreaterThan(boundaryIoU(small, large, options));
    const far = { shape: [100, 100], numClasses: 2 } as const;
    expect(boundaryIoU(square(100, 20, 70), square(100, 21, 70), far)).toBe(boundaryIoU(square(100, 20, 70), square(100, 21, 70), { ...far, distance: 3 }));
  });

  test("rejects bad input", () => {
    expect(() => boundaryIoU([0, 1, 1], [0, 1, 1], { shape: [2, 2], numClasses: 2 })).toThrow(/3 pixels are no whole number of maps of \[2, 2\]/);
    expect(() => boundaryIoU([0, 1], [0], { shape: [1, 2], numClasses: 2 })).toThrow(ShapeError);
    expect(() => boundaryIoU([0, 2], [0, 1], { shape: [1, 2], numClasses: 2 })).toThrow(ValueError);
    expect(() => boundaryIoU([], [], { shape: [1, 2], numClasses: 2 })).toThrow(StateError);
    expect(() => boundaryIoU([0], [0], { shape: [1, 1], numClasses: 2, distance: 0 })).toThrow(/distance is 0/);
  });
});
