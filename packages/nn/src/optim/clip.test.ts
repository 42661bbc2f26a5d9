import { backward } from "@dl/autograd";
import { tensor, zeros } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { parameter } from "../module/parameter.js";
import type { Parameter } from "../module/parameter.js";
import { clipGradNorm, clipGradValue } from "./index.js";
import { start } from "./test-bowl.js";

describe("clipping", () => {
  const grads = (): [Parameter, Parameter] => {
    const [a, b] = [start(), start()];
    backward(a.mul(3).sum().add(b.mul(4).sum()));
    return [a, b];
  };

  test("MLP-07 scales all gradients to the norm", () => {
    const [a, b] = grads();
    expect(clipGradNorm([a, b], 1).item()).toBeCloseTo(Math.sqrt(50), 12);
    expect(a.grad?.dataSync()[0]).toBeCloseTo(3 / Math.sqrt(50), 6);
    expect(b.grad?.dataSync()[1]).toBeCloseTo(4 / Math.sqrt(50), 6);
  });

  // Recorded with PyTorch: the norm, and two of the gradients after.
  test.each([
    [1, 9.087201207622117, 0.06481969652567698, -0.1007021796479331],
    [2, 3.258055935418924, 0.18079171145294598, -0.28087325892338716],
    [3, 2.439745437534289, 0.24143069964304398, -0.37508039980330765],
    [Infinity, 1.9799849932008908, 0.29749184660306033, -0.4621755266711171],
  ])("MLP-07 in the norm of order %s, as PyTorch", (normType, norm, first, last) => {
    const [a, b] = [parameter(zeros([2, 3], { dtype: "float64" })), parameter(zeros([4], { dtype: "float64" }))];
    a.grad = tensor(Float64Array.from({ length: 6 }, (_, i) => Math.sin(i + 1)), { shape: [2, 3], dtype: "float64" });
    b.grad = tensor(Float64Array.from({ length: 4 }, (_, i) => 2 * Math.cos(i + 1)), { shape: [4], dtype: "float64" });
    expect(clipGradNorm([a, b], 0.7, { normType }).item()).toBeCloseTo(norm, 12);
    expect(a.grad.dataSync()[0]).toBeCloseTo(first, 12);
    expect(b.grad.dataSync()[3]).toBeCloseTo(last, 12);
  });

  test("leaves small gradients as they are", () => {
    const [a, b] = grads();
    expect(clipGradNorm([a, b], 100, { normType: Infinity }).item()).toBe(4);
    expect([...(a.grad?.dataSync() ?? [])]).toStrictEqual([3, 3]);
  });

  test("limits values", () => {
    const [a, b] = grads();
    clipGradValue([a, b], 3.5);
    expect(b.grad?.dataSync()[0]).toBe(3.5);
    expect(a.grad?.dataSync()[0]).toBe(3);
  });

  test("refuses parameters without gradients", () => {
    expect(() => clipGradNorm([start()], 1)).toThrow(/no parameter has a gradient/);
  });
});
