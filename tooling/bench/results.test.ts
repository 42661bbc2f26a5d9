import { describe, expect, test } from "vitest";
import { disagreement, fingerprint } from "./agreement.js";
import { markdown, median, ratios, table } from "./results.js";
import type { Result } from "./results.js";
import { valueAt } from "./workloads.js";

const result: Result = {
  workload: "mlp", title: "MLP", goal: "≤ 0.5 × jax-js", judge: "torch-1t",
  cells: [
    { contestant: "ours-wasm", ms: 2, calls: 20, note: null },
    { contestant: "jax-js", ms: 9, calls: 1, note: null },
    { contestant: "tfjs-wasm", ms: null, calls: 0, note: `Kernel 'X' not\nregistered${" for long".repeat(20)}` },
  ],
};

describe("results of the benchmark", () => {
  test("the median of an even number of values lies between the middle two", () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });

  test("agreement within a thousandth of the largest; NaN and missing results never agree", () => {
    expect(disagreement([[1.1, 200.1]], [[1, 200]])).toBeNull();
    expect(disagreement([[1, 201]], [[1, 200]])).toBe("disagrees: result 2 is 201.00, not 200.00");
    expect(disagreement([[NaN]], [[1]])).toContain("result 1 is NaN");
    expect(disagreement([[null]], [[1]])).toContain("result 1 is NaN");
    expect(disagreement([[]], [[1]])).toBe("disagrees: no result");
    expect(disagreement([], [[1]])).toBe("disagrees: 0 results, not 1");
  });

  test("who was too slow for all first steps is judged by those it made", () => {
    expect(disagreement([[4.2]], [[4.2, 3.1]])).toBeNull();
    expect(disagreement([[4.2]], [[4.3, 3.1]])).not.toBeNull();
  });

  test("fingerprints tell apart arrays that differ in one value, in signs, and in order", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const others = [values.with(501, 40), values.map((x) => -x), values.toReversed()];
    for (const other of others) expect(disagreement([fingerprint(other)], [fingerprint(values)])).not.toBeNull();
    expect(disagreement([fingerprint(values.map((x) => x * 1.0001))], [fingerprint(values)])).toBeNull();
  });

  test("ratios are to the first contestant; who has no figure says why, within 80 columns", () => {
    expect(ratios(result)).toEqual([1, 4.5, null]);
    const lines = table(result).split("\n");
    expect(lines.find((line) => line.includes("jax-js   "))).toMatch(/9\.00 ms +4\.50 × +of 1 call$/);
    expect(lines.at(-1)).toMatch(/^ {2}tfjs-wasm +Kernel 'X' not registered for long.*…$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("the Markdown table has every contestant, and long reasons below it", () => {
    const text = markdown([result], { Node: "v20" });
    expect(text).toContain("| MLP | 2.00 (1.00) | 9.00 (4.50) | [1] | ≤ 0.5 × jax-js |");
    expect(text).toContain("1. mlp, tfjs-wasm: Kernel 'X' not registered");
  });

  test("weights are the same numbers in every language", () => {
    const [one, two] = [1, 2].map((scale) => [0, 1, 2, 1000].map((i) => valueAt({ scale, around: 0, seed: 3 }, i)));
    expect(one.every((x) => x >= -1 && x < 1)).toBe(true);
    expect(one).toEqual(two.map((x) => x / 2));
    expect(new Set(one).size).toBe(4);
    expect(valueAt({ scale: 1, around: 5, seed: 3 }, 0)).toBeCloseTo(5 + one[0]);
  });
});
