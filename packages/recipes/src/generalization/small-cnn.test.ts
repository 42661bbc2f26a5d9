import { Generator, zeros } from "@dl/tensor";
import { expect, test } from "vitest";
import { smallCnn } from "./small-cnn.js";
import { parametersOf } from "./training.js";

test.each([
  [{ channels: [8, 16], hidden: 64 }, 80 + 1168 + 50_240 + 650],
  [{ channels: [4, 8] }, 40 + 296 + 3930],
  [{ channels: [4, 8], side: 14 }, 40 + 296 + 730],
  [{ channels: [8, 16, 32], norm: true, classes: 5 }, 80 + 1168 + 4640 + 2 * 56 + 288 * 5 + 5],
])("%o has %d parameters, blocks and a head", (options, parameters) => {
  const side = "side" in options ? options.side : 28;
  const model = smallCnn(options, new Generator(0));
  expect(parametersOf(model)).toBe(parameters);
  expect(model.length).toBe(options.channels.length + 1);
  expect(model.eval().forward(zeros([2, 1, side, side])).shape).toEqual([2, "classes" in options ? options.classes : 10]);
});
