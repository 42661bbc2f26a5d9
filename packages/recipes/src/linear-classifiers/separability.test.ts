import { tensor, zeros } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLinearlySeparable, separatingHyperplane } from "../index.js";

type Points = readonly (readonly number[])[];

const labels = (values: readonly number[]) => tensor([...values], { dtype: "int32" });
const points = (rows: Points) => tensor(rows.map((row) => [...row]), { dtype: "float64" });
const coordinate = fc.integer({ min: -50, max: 50 });
const point = fc.tuple(coordinate, coordinate, coordinate);

describe("LIN-02 isLinearlySeparable", () => {
  test("exclusive or is not, and is without its fourth point", async () => {
    const corners = [[0, 0], [0, 1], [1, 0], [1, 1]];
    expect(await isLinearlySeparable(points(corners), labels([0, 1, 1, 0]))).toBe(false);
    expect(await isLinearlySeparable(points(corners.slice(0, 3)), labels([0, 1, 1]))).toBe(true);
    expect(await isLinearlySeparable(points(corners), labels([0, 1, 1, 1]))).toBe(true);
  });

  test("classes that a plane divides have a witness, wherever the plane is", async () => {
    const plane = fc.tuple(point.filter((normal) => normal.some((value) => value !== 0)), coordinate);
    await fc.assert(
      fc.asyncProperty(plane, fc.array(point, { minLength: 1, maxLength: 20 }), async ([normal, bias], rows) => {
        const sideOf = (row: readonly number[]): number => row.reduce((sum, value, i) => sum + value * normal[i], bias);
        const kept = rows.filter((row) => sideOf(row) !== 0);
        fc.pre(kept.length > 0);
        const found = await separatingHyperplane(points(kept), labels(kept.map((row) => Number(sideOf(row) > 0))));
        for (const row of kept) {
          const z = row.reduce((sum, value, i) => sum + value * (found?.weight[i] ?? NaN), found?.bias ?? NaN);
          expect(Math.sign(z)).toBe(Math.sign(sideOf(row)));
        }
      }),
      { numRuns: 100 },
    );
  });

  test("no plane divides classes when one has a point among those of the other", async () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 4, maxLength: 4 }), weights, fc.array(point, { maxLength: 8 }), async (around, shares, others) => {
        const total = shares.reduce((sum, share) => sum + share, 0);
        const between = [0, 1, 2].map((j) => around.reduce((sum, row, i) => sum + row[j] * shares[i], 0) / total);
        const y = labels([...around.map(() => 1), 0, ...others.map((_, i) => i % 2)]);
        expect(await isLinearlySeparable(points([...around, between, ...others]), y)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("one class alone is on one side", async () => {
    const found = await separatingHyperplane(points([[1, 2], [3, 4]]), labels([1, 1]));
    expect(found?.bias).toBeGreaterThan(0);
  });

  test("refuses other classes and other shapes", async () => {
    await expect(isLinearlySeparable(points([[1], [2]]), labels([0, 2]))).rejects.toThrow("the class of row 1 is 2. Give classes 0 and 1");
    await expect(isLinearlySeparable(points([[1], [2]]), labels([0]))).rejects.toThrow("x is [2, 1] and y is [1]");
    await expect(isLinearlySeparable(zeros([0, 2]), zeros([0]))).rejects.toThrow("one at least");
  });
});
