import { expect, test } from "vitest";
import { compareSegmenters } from "./segmenters.js";

test("SEG-02, SEG-03, SEG-04 every way to a mask is trained and judged on the same pictures", { timeout: 60_000 }, async () => {
  const { text, numbers, pictures } = await compareSegmenters({ seed: 1, pictures: 8, unseen: 1, epochs: 1, base: 2 });
  expect(text.slice(2, 6).map((line) => line.split(" ")[0])).toStrictEqual(["patches", "encoder-decoder", "no-skips", "u-net"]);
  expect(text[6]).toMatch(/^Patches: 2304 passes .* \d+ times the time of U-Net's one\.$/);
  expect(numbers.timeRatio).toBeGreaterThan(1);
  for (const value of [numbers.mIoU, numbers.boundaryIoU, numbers.mIoUPatches, numbers.boundaryIoUNoSkips]) expect(value >= 0 && value <= 1).toBe(true);
  // One picture a row, three columns of 48·3 pixels.
  for (const { shape } of Object.values(pictures ?? {})) expect(shape).toStrictEqual([3, 152, 448]);
});
