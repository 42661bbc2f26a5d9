import { checkpoint } from "@dl/autograd";
import { ShapeError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Activation, Conv2d, Embedding, Flatten, Linear, ReLU, Sequential, Unflatten } from "../layers/index.js";
import { Module } from "../module/index.js";
import { compare, summary } from "./index.js";

const perceptron = (): Sequential => new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));

describe("CNN-04 compare and summary", () => {
  test("64 → 64 channels: 5×5 has 102,464 parameters, 3×3 36,928", () => {
    const { rows, a, b } = compare(new Conv2d(64, 64, 5, { padding: 2 }), new Conv2d(64, 64, 3, { padding: 1 }), [1, 64, 8, 8]);
    expect([a.parameters, b.parameters]).toStrictEqual([102_464, 36_928]);
    expect(rows[0]).toStrictEqual({ name: "parameters", a: 102_464, b: 36_928, ratio: 36_928 / 102_464 });
    const [, , flops, memory] = rows;
    // 64·8·8 outputs of 64·25 or 64·9 multiplications and additions, and an offset each.
    expect(flops).toMatchObject({ name: "flops", a: 4096 * (2 * 1600 + 1), b: 4096 * (2 * 576 + 1) });
    expect(memory.name).toBe("memory");
  });

  test("28·28 → 28·28·6: full connection has 3,692,640 parameters, a shared 5×5 kernel 156", () => {
    const full = new Sequential(new Flatten(), new Linear(28 * 28, 28 * 28 * 6), new Unflatten(1, [6, 28, 28]));
    const shared = new Conv2d(1, 6, 5, { padding: 2 });
    const comparison = compare(full, shared, [1, 1, 28, 28]);
    expect([comparison.a.parameters, comparison.b.parameters]).toStrictEqual([3_692_640, 156]);
    expect([comparison.a, comparison.b].map(({ rows }) => rows[0].outputShape)).toStrictEqual([[1, 6, 28, 28], [1, 6, 28, 28]]);
    const text = String(comparison);
    expect(text).toMatch(/^ +a +b +b \/ a\n-+\n/);
    expect(text).toMatch(/\nparameters +3,692,640 +156 +0\.0000422\n/);
    expect(text).toMatch(/\nFLOPs +7,380,576 +[\d,]+ +0\.\d+\n/);
    expect(text).toMatch(/\nmemory +[\d.]+ KiB +[\d.]+ KiB +[\d.]+$/);
  });
});

describe("activation memory", () => {
  test("is all that the graph holds, the inputs included, parameters not", () => {
    const { rows, memory } = summary(perceptron(), [2, 4]);
    // Outputs of [2, 8] and [2, 2], the output of relu, and the inputs [2, 4], in float32.
    expect(rows.map((row) => row.memory)).toStrictEqual([144, 64, 64, 16]);
    expect(memory).toBe(144 + 32);
    expect(summary(perceptron(), [20, 4]).memory).toBe(10 * 176);
    expect(summary(perceptron().to("float64"), [2, 4], { dtype: "float64" }).memory).toBe(2 * 176);
  });

  test("counts views once, and indices", () => {
    expect(summary(new Sequential(new Flatten(), new Unflatten(1, [2, 2])), [3, 4]).memory).toBe(3 * 4 * 4);
    const { memory, rows } = summary(new Embedding(10, 5), [6], { dtype: "int32" });
    expect(memory).toBeGreaterThanOrEqual(6 * 5 * 4);
    expect(rows[0].memory).toBeGreaterThanOrEqual(6 * 5 * 4);
  });

  test("is less for a part that is computed again in backward; its operations count", () => {
    class Lean extends Module {
      body = perceptron();
      forward(x: Tensor): Tensor { return checkpoint((y) => this.body.forward(y), x); }
    }
    const [plain, lean] = [summary(perceptron(), [2, 4]), summary(new Lean(), [2, 4])];
    expect(lean.memory).toBe(2 * 4 * 4 + 2 * 2 * 4);
    expect(lean.flops).toBe(plain.flops);
    expect(lean.rows.map(({ flops }) => flops)).toStrictEqual([plain.flops, ...plain.rows.map(({ flops }) => flops)]);
    const wrapped = new Sequential(new Activation((x) => checkpoint((y) => y.mul(2).add(1), x)));
    expect(summary(wrapped, [3]).flops).toBe(6);
  });
});

test("compare refuses an input that one of the models does not take", () => {
  expect(() => compare(perceptron(), new Linear(3, 1), [2, 4])).toThrow(ShapeError);
  expect(compare(new ReLU(), new ReLU(), [2]).rows[0].ratio).toBeNaN();
});
