import { describe, expect, test } from "vitest";
import { condense, renderCurve } from "./curve.js";
import { bytes, duration, grouped, percent } from "./format.js";
import { renderTable, wrap } from "./table.js";

describe("numbers for people", () => {
  test("durations", () => {
    expect([0.04, 59.9, 59.96, 75.4, 3600].map(duration)).toStrictEqual(["0.0 s", "59.9 s", "1 min 0 s", "1 min 15 s", "60 min 0 s"]);
  });

  test("sizes, shares and counts", () => {
    expect([999, 1000, 1_648_877, 999_950_000].map(bytes)).toStrictEqual(["999 B", "1.0 KB", "1.6 MB", "1.0 GB"]);
    expect(percent(0.98125)).toBe("98.13 %");
    expect(grouped(12_345.6)).toBe("12,346");
  });
});

describe("tables", () => {
  test("align columns and cut the last one", () => {
    const table = renderTable([["a", 5, "short"], ["bcd", 123, "a text that is too long"]], 24);
    expect(table.split("\n")).toStrictEqual(["a      5  short", "bcd  123  a text that i…"]);
  });

  test("words wrap", () => {
    expect(wrap(["one", "two", "three", "four"], 10, "  ")).toBe("  one two\n  three\n  four");
  });
});

describe("the loss curve", () => {
  const falling = Array.from({ length: 500 }, (_, i) => 2 * Math.exp(-i / 100));
  const labels = { y: "loss", x: "epoch", from: 0, to: 10 };

  test("condense keeps the mean", () => {
    expect(condense([1, 3, 5, 7], 2)).toStrictEqual([2, 6]);
    expect(condense([1, 2], 5)).toStrictEqual([1, 2]);
  });

  test("fits its width, labels its axes, and falls from the highest row to the lowest", () => {
    const lines = renderCurve(falling, labels, 60).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines).toHaveLength(10);
    expect(lines[0].trim()).toBe("loss");
    expect(lines[9]).toMatch(/^ {10}0 +epoch 10$/);
    expect(Number(lines[1].slice(0, 8))).toBeGreaterThan(1.9);
    expect(Number(lines[8].slice(0, 8))).toBeLessThan(0.02);
    expect(lines[8].at(-1)).toBe("─");
  });

  test("a constant is one row, and what cannot be drawn is left out", () => {
    expect(renderCurve([1, 1, 1], labels, 60).split("\n")).toHaveLength(3);
    expect(renderCurve([1, NaN, 2, Infinity], labels, 60)).not.toContain("NaN");
    expect(renderCurve([NaN, 1], labels, 60)).toBe("");
  });
});
