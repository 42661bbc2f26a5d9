import { ShapeError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Accuracy, accuracy, classificationReport, confusionMatrix, ConfusionMatrix, errorRate } from "../index.js";
import { CM1, listsOf } from "../testing/course.js";

const { predicted, target } = listsOf(CM1);

const pairs = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })), { minLength: 1, maxLength: 60 });

describe("accuracy", () => {
  test("MET-02 of CM1 is 27/35, its error rate 8/35", () => {
    expect(accuracy(predicted, target)).toBeCloseTo(27 / 35, 12);
    expect(accuracy(predicted, target)).toBeCloseTo(0.7714286, 7);
    expect(errorRate(predicted, target)).toBeCloseTo(8 / 35, 12);
    expect(accuracy(predicted, target) + errorRate(predicted, target)).toBe(1);
  });

  test("takes typed arrays", () => {
    expect(accuracy(Int32Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 0))).toBe(0.75);
  });

  test("MET-02 batches and merged halves give the whole", () => {
    fc.assert(
      fc.property(pairs, fc.nat(60), (rows, cut) => {
        const [p, t] = [rows.map(([a]) => a), rows.map(([, b]) => b)];
        const whole = accuracy(p, t);
        const batched = new Accuracy().update(p.slice(0, cut), t.slice(0, cut)).update(p.slice(cut), t.slice(cut));
        const merged = new Accuracy().update(p.slice(0, cut), t.slice(0, cut)).merge(new Accuracy().update(p.slice(cut), t.slice(cut)));
        expect(batched.compute()).toBe(whole);
        expect(merged.compute()).toBe(whole);
      }),
    );
  });

  test("reset forgets", () => {
    expect(new Accuracy().update([0], [1]).reset().update([2], [2]).compute()).toBe(1);
  });

  test("rejects bad input", () => {
    expect(() => accuracy([1, 2], [1])).toThrow(ShapeError);
    expect(() => accuracy([1, 2], [1])).toThrow(/2 predictions for 1 targets/);
    expect(() => accuracy([], [])).toThrow(StateError);
    expect(() => accuracy([NaN], [0])).toThrow(/prediction NaN at row 0 is not a class index/);
    expect(() => accuracy([0, 1], [0, 0.5])).toThrow(/target 0.5 at row 1 is not a class index/);
    expect(() => accuracy([-1], [0])).toThrow(ValueError);
  });
});

describe("ConfusionMatrix", () => {
  test("MET-01 rebuilds CM1 from the lists: rows actual, columns predicted", () => {
    expect(confusionMatrix(predicted, target, { numClasses: 3 })).toStrictEqual(CM1);
    expect(confusionMatrix([2], [0], { numClasses: 3 })[0][2]).toBe(1);
    expect(new ConfusionMatrix({ numClasses: 3 }).update([2], [0]).compute()[0][2]).toBe(1);
  });

  test("MET-01 merging two halves equals the whole", () => {
    fc.assert(
      fc.property(pairs, fc.nat(60), (rows, cut) => {
        const [p, t] = [rows.map(([a]) => a), rows.map(([, b]) => b)];
        const half = (from: number, to?: number): ConfusionMatrix => new ConfusionMatrix({ numClasses: 4 }).update(p.slice(from, to), t.slice(from, to));
        expect(half(0, cut).merge(half(cut)).compute()).toStrictEqual(half(0).compute());
        expect(half(0).reset().compute().flat()).toStrictEqual(new Array(16).fill(0));
      }),
    );
  });

  test("MET-01 normalizes by row, by column or by all; a class that never comes gives zeros", () => {
    const of = (normalize: "actual" | "predicted" | "all"): number[][] => confusionMatrix(predicted, target, { numClasses: 4, normalize });
    expect(of("actual")[0]).toStrictEqual([8 / 11, 2 / 11, 1 / 11, 0]);
    expect(of("predicted").map((row) => row[2])).toStrictEqual([1 / 15, 2 / 15, 12 / 15, 0]);
    expect(of("all")[2][2]).toBe(12 / 35);
    expect(of("actual")[3]).toStrictEqual([0, 0, 0, 0]);
  });

  test("draws a table", () => {
    const matrix = new ConfusionMatrix({ numClasses: 3, labels: ["car", "bicycle", "truck"] }).update(predicted, target);
    expect(matrix.toString().split("\n")).toStrictEqual([
      "        predicted",
      "actual      car bicycle   truck",
      "car           8       2       1",
      "bicycle       1       7       2",
      "truck         2       ·      12",
    ]);
  });

  test("ten classes with long names and large counts fit into 80 columns", () => {
    const labels = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
    for (const normalize of [undefined, "actual"] as const) {
      const matrix = new ConfusionMatrix({ numClasses: 10, labels, normalize });
      const all = Array.from({ length: 60_000 }, (_, i) => i % 10);
      matrix.update(all, all.map((label) => (label % 3 === 0 ? (label + 1) % 10 : label)));
      const lines = matrix.toString().split("\n");
      expect(lines).toHaveLength(12);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
      expect(lines[3]).toMatch(normalize ? /100\.0|50\.0/ : /6000/);
    }
  });

  test("MET-01 draws a picture: labelled axes, names and counts", () => {
    const options = { numClasses: 3, labels: ["car", "<bicycle>", "a truck with a very long name"] };
    const svg = new ConfusionMatrix(options).update(predicted, target).toSvg();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    for (const text of ["predicted class", "actual class", "car", "&lt;bicycle&gt;", "a truck with a …"]) expect(svg).toContain(`>${text}</text>`);
    const entries = [...svg.matchAll(/stroke="white"\/><text[^>]*>([^<]*)<\/text>/g)].map(([, entry]) => entry);
    expect(entries).toStrictEqual(CM1.flat().map(String));
    expect(new ConfusionMatrix({ ...options, normalize: "actual" }).update(predicted, target).toSvg()).toContain(">72.7</text>");
    expect(new ConfusionMatrix(options).toSvg()).not.toContain("NaN");
  });

  test("MET-06 reports what classificationReport does", () => {
    const labels = ["car", "bicycle", "truck"];
    const matrix = new ConfusionMatrix({ numClasses: 3, labels });
    expect(() => matrix.report()).toThrow(StateError);
    expect(String(matrix.update(predicted, target).report({ digits: 4 }))).toBe(String(classificationReport(predicted, target, { labels, digits: 4 })));
  });

  test("rejects bad input and counts nothing of it", () => {
    const matrix = new ConfusionMatrix({ numClasses: 10 });
    expect(() => matrix.update([0, 0, 0, 1], [0, 1, 2, 12])).toThrow(/ConfusionMatrix.update: target 12 at row 3 is not in \[0, 10\)/);
    expect(() => matrix.update([10], [1])).toThrow(/prediction 10 at row 0/);
    expect(() => matrix.update([0], [0, 1])).toThrow(ShapeError);
    expect(matrix.compute().flat().every((count) => count === 0)).toBe(true);
    expect(() => matrix.merge(new ConfusionMatrix({ numClasses: 3 }))).toThrow(/3 classes cannot be added to one of 10/);
    expect(() => new ConfusionMatrix({ numClasses: 2.5 })).toThrow(ValueError);
    expect(() => new ConfusionMatrix({ numClasses: 2, labels: ["a"] })).toThrow(/1 labels for 2 classes/);
    const options: object = { numClasses: 2, normalise: "all" };
    expect(() => new ConfusionMatrix({ numClasses: 2, ...options })).toThrow(UnknownNameError);
    const wrong = JSON.parse('{"numClasses":2,"normalize":"rows"}') as { numClasses: number };
    expect(() => new ConfusionMatrix(wrong)).toThrow(/normalize is "rows"\. Use one of actual, predicted, all/);
  });
});
