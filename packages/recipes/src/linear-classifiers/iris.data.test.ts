import { datasets } from "@dl/data";
import { dataDir, loadDataset } from "@dl/data/node";
import { expect, test } from "vitest";
import { iris, irisLine, isLinearlySeparable, separatingHyperplane } from "../index.js";
import { irisPetals } from "./iris-data.js";

const load = () => loadDataset(datasets.iris, { dir: dataDir() });

test("LIN-02 three losses find lines that separate setosa from versicolor by their petals, and the picture shows them", async () => {
  const { numbers, figures } = await irisLine.calculate({ data: await load() });
  expect(numbers).toMatchObject({ separable: 1, perceptronAccuracy: 1, hingeAccuracy: 1, logisticAccuracy: 1 });
  // Any line is good enough for the perceptron, the hinge wants a distance.
  expect(numbers.hingeNearest).toBeGreaterThan(0.3);
  expect(numbers.perceptronNearest).toBeLessThan(0.1);
  for (const name of ["setosa", "versicolor", "perceptron", "hinge", "logistic"]) expect(figures.lines).toContain(`>${name}<`);
  expect(figures.lines.match(/<circle /g)).toHaveLength(100);
});

test("LIN-02 a witness separates setosa from versicolor; no line separates versicolor from virginica", async () => {
  const data = await load();
  const { x, y } = await irisPetals(data, [0, 1]);
  const plane = await separatingHyperplane(x, y);
  const [w0, w1] = plane?.weight ?? [NaN, NaN];
  const sides = (x.toArray() as [number, number][]).map(([length, width]) => Number(w0 * length + w1 * width + (plane?.bias ?? NaN) > 0));
  expect(sides).toStrictEqual(y.toArray());
  const others = await irisPetals(data, [1, 2]);
  expect(await isLinearlySeparable(others.x, others.y.sub(1))).toBe(false);
});

test("LIN-03 softmax regression tells the three kinds apart, at least 95 of 100 unseen flowers", async () => {
  const { numbers, figures } = await iris.calculate({ data: await load() });
  expect(numbers.accuracy).toBeGreaterThanOrEqual(0.95);
  // Setosa and virginica have no border in common.
  for (const border of ["setosa | versicolor", "versicolor | virginica"]) expect(figures.borders).toContain(`>${border}<`);
  expect(figures.borders).not.toContain("setosa | virginica");
});
