import { datasets } from "@dl/data";
import { dataDir, loadDataset } from "@dl/data/node";
import { expect, test } from "vitest";
import { edges } from "./edges.js";
import { smoothing } from "./smoothing.js";

const load = () => loadDataset(datasets.photos, { dir: dataDir() });

test("CNV-02 edges of photographs: as much of each is steep as SciPy finds", async () => {
  const { numbers, pictures } = await edges.calculate({ data: await load() });
  // np.mean(np.hypot(sobel(x, 0, mode="mirror"), sobel(x, 1, mode="mirror")) > 1) with scipy.ndimage
  expect(numbers.strongCamera).toBeCloseTo(0.036877, 4);
  expect(numbers.strongText).toBeCloseTo(0.042735, 4);
  for (const name of ["camera", "astronaut"]) expect(pictures?.[name].shape).toStrictEqual([1, 1030, 1544]);
});

test("CNV-06, CNV-07 a noisy photograph is 3 dB better when smoothed, and edges are less steep", async () => {
  const { numbers } = await smoothing.calculate({ data: await load() });
  expect(numbers.restored - numbers.noisy).toBeGreaterThanOrEqual(3);
  expect(numbers.cleaned).toBeGreaterThan(numbers.blurred + 3);
  expect(numbers.smoothSteep).toBeLessThan(0.8 * numbers.steep);
  expect(numbers.sharpSteep).toBeGreaterThan(numbers.smoothSteep);
  expect(numbers.apart).toBeLessThan(2e-6);
});
