import { describe, expect, test } from "vitest";
import { agreement, markdown, median, table } from "./results.js";
import type { Result } from "./results.js";
import { valueAt } from "./workloads.js";

const result: Result = {
  workload: "mlp", title: "MLP", goal: "≤ 0.5 × jax-js",
  cells: [{ contestant: "dl wasm", ms: 2, note: null }, { contestant: "jax-js", ms: 9, note: null }, { contestant: "tfjs-wasm", ms: null, note: "Kernel 'X' | not registered" }],
};

describe("results of the benchmark", () => {
  test("the median of an even number of values lies between the middle two", () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });

  test("agreement within a thousandth; NaN and missing values never agree", () => {
    expect(agreement([1.0005, 200.1], [1, 200])).toBeNull();
    expect(agreement([1, 201], [1, 200])).toBe("disagrees: call 2 gives 201, not 200");
    expect(agreement([NaN], [1])).toContain("call 1 gives NaN");
    expect(agreement([], [1])).toContain("call 1 gives undefined");
  });

  test("ratios are to the first contestant; who has no figure says why, within 80 columns", () => {
    const lines = table(result).split("\n");
    expect(lines).toContain("  jax-js              9.00 ms      4.50 ×");
    expect(lines.at(-1)).toBe("  tfjs-wasm      Kernel 'X' | not registered");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(markdown([result])).toContain("| MLP | 2.00 (1.00) | 9.00 (4.50) | Kernel 'X' / not registered | ≤ 0.5 × jax-js |");
  });

  test("weights are the same numbers in every language", () => {
    const found = [0, 1, 2, 1000].map((i) => valueAt({ scale: 1, seed: 3 }, i));
    expect(found.every((x) => x >= -1 && x < 1)).toBe(true);
    expect(found).toEqual([0, 1, 2, 1000].map((i) => valueAt({ scale: 2, seed: 3 }, i) / 2));
    expect(new Set(found).size).toBe(4);
  });
});
