import { DTypeError, ShapeError } from "@dl/registry";
import { zeros } from "@dl/tensor";
import { expect, test } from "vitest";
import { checkImage } from "./check-image.js";

const check = (shape: readonly number[], channels?: readonly number[]) => () => { checkImage("f", zeros(shape), channels && { channels }); };

test("CNN-06 images and batches pass, of any number of channels where none is asked for", () => {
  for (const shape of [[3, 8, 9], [1, 1, 1], [2, 3, 8, 9], [0, 3, 8, 9], [16, 8, 8], [7, 3, 3], [3, 3, 3]]) expect(check(shape)).not.toThrow();
  expect(check([3, 8, 9], [1, 3])).not.toThrow();
  expect(check([3, 8, 3], [1, 3])).not.toThrow();
});

test("CNN-06 channels that stand last are recognised", () => {
  expect(check([32, 32, 3])).toThrow(ShapeError);
  expect(check([32, 32, 3])).toThrow("f: the image of shape [32, 32, 3] would have 32 channels of 32 × 3 pixels. Its channels seem to stand last");
  expect(check([32, 32, 3])).toThrow("image.permute([2, 0, 1])");
  expect(check([8, 28, 28, 1])).toThrow("image.permute([0, 3, 1, 2])");
  expect(check([4, 32, 3], [1, 3])).toThrow("seem to stand last");
});

test("CNN-06 an alpha channel, other channels, other dims and dtypes are refused with what to do", () => {
  expect(check([4, 8, 8], [1, 3])).toThrow("the image of shape [4, 8, 8] has 4 channels, expected 1 or 3.");
  expect(check([4, 8, 8], [1, 3])).toThrow("The last one is likely alpha; drop it: image.slice(0, 0, 3)");
  expect(check([5, 2, 8, 8], [1, 3])).toThrow("image.slice(1, 0, 1)");
  expect(check([5, 8, 8], [1, 3])).toThrow("has 5 channels, expected 1 or 3. Convert the image first");
  expect(check([1, 8, 8], [3])).toThrow("has 1 channel, expected 3");
  expect(check([8, 8])).toThrow("image.unsqueeze(0)");
  expect(check([8])).toThrow("Give [C, H, W] or a batch [N, C, H, W]");
  expect(check([3, 0, 8])).toThrow("has no pixels");
  expect(() => { checkImage("f", zeros([3, 4, 4], { dtype: "uint8" })); }).toThrow(DTypeError);
});
