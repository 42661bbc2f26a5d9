import { expect, test } from "vitest";
import { LONGEST, methods, pathOf, progressOf, rates, type Method } from "./descent-paths.js";

const after = (method: Method, lr: number, momentum: number, steps = LONGEST) => progressOf(pathOf(method, lr, momentum), steps);

test("a path begins at (1, 1) and has a place for each step", () => {
  for (const method of methods) {
    expect(after(method, 0.05, 0.9, 0)).toMatchObject({ place: [1, 1], height: 5.5 });
    expect(after(method, 0.05, 0.9, 7).visited).toHaveLength(8);
  }
});

test("without momentum the three methods are one", () => {
  const [descent, ...others] = methods.map((method) => pathOf(method, 0.1, 0));
  for (const other of others) expect(other).toStrictEqual(descent);
  const [one, two, three] = methods.map((method) => pathOf(method, 0.1, 0.5));
  expect(one).toStrictEqual(descent);
  expect(two).not.toStrictEqual(one);
  expect(three).not.toStrictEqual(two);
});

test("what the lesson says of 0.05: momentum 0.9 swings past the goal, momentum 0.5 is the fastest", () => {
  const w1 = (momentum: number) => after("momentum", 0.05, momentum).visited.map(([, value]) => value);
  expect(Math.min(...w1(0.9))).toBeLessThan(-0.2);
  expect(Math.min(...w1(0.5))).toBeGreaterThanOrEqual(0);
  expect(after("momentum", 0.05, 0.5).arrived).toBeLessThan(LONGEST);
  expect(after("descent", 0.05, 0.5).arrived).toBeUndefined();
  expect(after("momentum", 0.05, 0.9).arrived).toBeUndefined();
});

test("what the lesson says of 0.01: descent crawls, momentum gets lower", () => {
  expect(after("descent", 0.01, 0.9).place[1]).toBeGreaterThan(0.5);
  for (const method of ["momentum", "nesterov"] as const) expect(after(method, 0.01, 0.9).height).toBeLessThan(after("descent", 0.01, 0.9).height / 10);
});

test("methods run away above their limits: Nesterov's first, then descent, then momentum", () => {
  const lost = (lr: number) => methods.filter((method) => after(method, lr, 0.9).lost !== undefined);
  expect(lost(0.12)).toStrictEqual([]);
  expect(lost(0.14)).toStrictEqual(["nesterov"]);
  expect(lost(0.21)).toStrictEqual(["descent", "nesterov"]);
  expect(lost(0.4)).toStrictEqual(["descent", "momentum", "nesterov"]);
});

test("what is shown is near and finite, at every setting", () => {
  for (const lr of rates) {
    for (const momentum of [0, 0.5, 0.95]) {
      for (const method of methods) for (const w of after(method, lr, momentum).visited.flat()) expect(Math.abs(w)).toBeLessThanOrEqual(10);
    }
  }
});

test("a path that ran away is shown up to there, and before it as on its way", () => {
  const { lost = NaN, visited } = after("descent", 0.25, 0);
  expect(visited).toHaveLength(lost);
  expect(after("descent", 0.25, 0, lost - 1).lost).toBeUndefined();
  expect(after("descent", 0.25, 0, lost).lost).toBe(lost);
});

test("arriving is dated by the first step from which the height stays small", () => {
  const { arrived = NaN } = after("momentum", 0.05, 0.5);
  expect(after("momentum", 0.05, 0.5, arrived).height).toBeLessThan(5.5e-4);
  expect(after("momentum", 0.05, 0.5, arrived - 1).height).toBeGreaterThan(5.5e-4);
  expect(after("momentum", 0.05, 0.5, arrived - 1).arrived).toBeUndefined();
});
