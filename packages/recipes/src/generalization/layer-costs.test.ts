import { expect, test } from "vitest";
import { layerCosts } from "./layer-costs.js";

test("CNN-04 kernels of 3×3 have 36,928 weights where 5×5 have 102,464; shared ones 156 where a full connection has 3,692,640", () => {
  expect(layerCosts().numbers).toEqual({
    fullConnectionParameters: 3_692_640, sharedKernelsParameters: 156, kernel5Parameters: 102_464, kernel3Parameters: 36_928, fewerMapsParameters: 9248,
  });
});
