import { ShapeError, ValueError } from "@dl/registry";
import { conv2d, ones } from "@dl/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { convOutputSize, solvePadding } from "../index.js";

test("CNV-04 CNN-02 the formula gives the size of what conv2d computes", () => {
  const sizes = fc.record({ input: fc.integer({ min: 1, max: 20 }), kernel: fc.integer({ min: 1, max: 5 }), stride: fc.integer({ min: 1, max: 4 }), padding: fc.integer({ min: 0, max: 3 }), dilation: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(sizes, (geometry) => {
      const { input, kernel, stride, padding, dilation } = geometry;
      fc.pre(dilation * (kernel - 1) + 1 <= input + 2 * padding);
      const y = conv2d(ones([1, 1, input, input]), ones([1, 1, kernel, kernel]), { stride, padding, dilation });
      expect(y.shape).toStrictEqual([1, 1, convOutputSize(geometry), convOutputSize(geometry)]);
    }),
    { numRuns: 200 },
  );
});

test("CNN-02 kernel 2 at stride 1 needs half a pixel on each side, which \"same\" puts behind", () => {
  expect(solvePadding({ kernel: 2 })).toMatchObject({ padding: 0.5, before: 0, after: 1, advice: expect.stringContaining('"same"') as string });
  expect(solvePadding({ kernel: 3, dilation: 2 })).toStrictEqual({ padding: 2, before: 2, after: 2, advice: 'padding: 2, or "same"' });
  const y = conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { padding: "same" });
  expect(y.toArray()).toStrictEqual([[[[4, 4, 2], [4, 4, 2], [2, 2, 1]]]]);
  expect(() => convOutputSize({ input: 3, kernel: 2, padding: 0.5 })).toThrow('padding is 0.5. A layer pads whole pixels: padding "same" puts the odd one behind.');
});

test("sizes that cannot be", () => {
  expect(() => convOutputSize({ input: 3, kernel: 5 })).toThrow(ShapeError);
  expect(() => convOutputSize({ input: 3, kernel: 5 })).toThrow("the kernel reaches over 5, the padded input over 3");
  expect(() => convOutputSize({ input: 3.5, kernel: 1 })).toThrow(ValueError);
  expect(() => convOutputSize({ input: 3, kernel: 1, step: 1 } as never)).toThrow('unknown option "step"');
});
