import { ShapeError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { chart, graphDiagram, heatMap } from "./index.js";

const axes = { x: { label: "step" }, y: { label: "loss, nats" } };
const numbers = (svg: string, pattern: RegExp): number[] => [...svg.matchAll(pattern)].map(([, value]) => Number(value));

describe("chart", () => {
  test("places points where their values say, labels both axes and names the series", () => {
    const svg = chart({ title: "Loss", ...axes, series: [{ name: "train", points: [[0, 0], [10, 1]], style: "dots" }, { name: "a < b", points: [[5, 0.5]], style: "dots" }] });
    // 560 × 380 pixels, of which the plane is [62, 544] × [334, 34], y upwards.
    expect(numbers(svg, /<circle cx="([\d.]+)"/g)).toEqual([62, 544, 303]);
    expect(numbers(svg, /<circle cx="[\d.]+" cy="([\d.]+)"/g)).toEqual([334, 34, 184]);
    for (const word of ["Loss", "step", "loss, nats", "train", "a &lt; b"]) expect(svg).toContain(`>${word}<`);
  });

  test("leaves out points that are not finite", () => {
    const svg = chart({ title: "Loss", ...axes, series: [{ name: "train", points: [[0, NaN], [1, 2], [2, Infinity], [3, 4]], style: "path" }] });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(numbers(svg, /<circle cx="([\d.]+)"/g)).toHaveLength(2);
  });

  test("draws curves of equal height where the function has that height", () => {
    const domain = [-2, 2] as const;
    const svg = chart({ title: "Bowl", x: { label: "x", domain }, y: { label: "y", domain }, series: [{ name: "start", points: [] }], contours: { height: (x, y) => x * x + y * y, levels: [1] }, width: 578, height: 580 });
    // 500 × 500 pixels for 4 × 4 units: a circle of radius 1 has 125 pixels.
    const ring = /<path d="([^"]+)" fill="none" stroke="#bbb"/.exec(svg)?.[1] ?? "";
    const radii = [...ring.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => Math.hypot(Number(x) - 312, Number(y) - 284));
    expect(radii.length).toBeGreaterThan(50);
    const onPlane = radii.filter((radius) => radius < 200);
    for (const radius of onPlane) expect(Math.abs(radius - 125)).toBeLessThan(2);
  });

  test("refuses charts without series or labels", () => {
    expect(() => chart({ title: "", ...axes, series: [] })).toThrow(ShapeError);
    expect(() => chart({ title: "", x: { label: "" }, y: axes.y, series: [{ name: "a", points: [] }] })).toThrow("an axis has no label");
    expect(() => chart({ title: "", ...axes, series: [{ name: "a", points: [] }], width: NaN })).toThrow(ValueError);
  });
});

describe("graphDiagram", () => {
  test("lays out every node once, from left to right along the edges", () => {
    const svg = graphDiagram({ title: "sum", nodes: [{ id: "a", lines: ["a", "2"] }, { id: "b", lines: ["b"] }, { id: "c", lines: ["c = a + b"] }], edges: [{ from: "a", to: "c" }, { from: "b", to: "c", label: "×1" }] });
    const [a, b, c] = numbers(svg, /<rect x="([\d.]+)" y="[\d.]+" width="[\d.]+" height="[\d.]+" rx/g);
    expect(Math.max(a, b)).toBeLessThan(c);
    expect(svg.match(/marker-end/g)).toHaveLength(2);
    for (const word of ["a", "2", "b", "c = a + b", "×1"]) expect(svg).toContain(`>${word}<`);
  });

  test("refuses edges to nodes that are not there", () => {
    expect(() => graphDiagram({ title: "", nodes: [{ id: 1, lines: ["a"] }], edges: [{ from: 1, to: 2 }] })).toThrow("the edge from 1 to 2 ends at no node");
    expect(() => graphDiagram({ title: "", nodes: [], edges: [] })).toThrow(ValueError);
  });
});

describe("heatMap", () => {
  test("writes each value into its cell, the largest on the darkest", () => {
    const svg = heatMap({ title: "Confusion", values: [[8, 2], [0, 12]], rows: ["cat", "dog"], columns: ["cat", "dog"], rowLabel: "actual", columnLabel: "predicted" });
    expect([...svg.matchAll(/fill="(rgb[^"]+)" stroke="white"\/><text[^>]*>(\d+)</g)].map(([, fill, value]) => [value, fill])).toEqual([
      ["8", "rgb(85 161 204)"], ["2", "rgb(213 232 242)"], ["0", "rgb(255 255 255)"], ["12", "rgb(0 114 178)"],
    ]);
  });

  test("refuses names that do not fit", () => {
    expect(() => heatMap({ title: "", values: [[1, 2]], rows: ["a"], columns: ["a"], rowLabel: "", columnLabel: "" })).toThrow(ShapeError);
  });
});
