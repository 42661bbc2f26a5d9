import { describe, expect, test } from "vitest";
import { tensor } from "../create.js";
import { elementwise } from "../op/elementwise.js";
import { differentiate, topological } from "./differentiate.js";
import { constant, input, scalar, select } from "./expr.js";
import type { Expr } from "./expr.js";
import { Program } from "./program.js";

const x = input(0);
const y = input(1);
const derivative = (f: Expr, at: Expr = x): Expr | null => differentiate(f, [at], constant(1))[0];
const opsOf = (f: Expr): string[] => new Program([f], 2, 1).instructions.map(({ op }) => op);

describe("formulas", () => {
  test("fold constants and neutral elements, but never 0·x, which may be NaN", () => {
    expect(constant(2).mul(3).add(1).value).toBe(7);
    expect(x.add(0)).toBe(x);
    expect(x.mul(1)).toBe(x);
    expect(x.neg().neg()).toBe(x);
    expect(x.mul(0).op).toBe("mul");
    expect(x.sub(y.neg()).op).toBe("add");
    expect(x.pow(2).op).toBe("mul");
    expect(select(constant(1), x, y)).toBe(x);
  });

  test("common subexpressions are evaluated once", () => {
    const e = x.add(1).exp().mul(x.add(1).exp());
    expect(opsOf(e)).toEqual(["add", "exp", "mul"]);
  });

  test("constants of one value share a slot, whatever their sign of zero", () => {
    expect(new Program([x.mul(3).add(3).max(-0).max(0)], 1, 0).constants).toEqual([3, 0]);
    expect(new Program([x.max(NaN).min(NaN)], 1, 0).constants).toEqual([NaN]);
  });

  test("flops count arithmetic and functions", () => {
    expect(new Program([x.mul(2).add(1).tanh()], 1, 0).flops).toBe(3);
  });
});

describe("derivatives of formulas", () => {
  test("a zero derivative is null, so nothing runs for it", () => {
    expect(derivative(x.floor().add(x.gt(0)))).toBeNull();
    expect(derivative(y.exp())).toBeNull();
    expect(derivative(x.cast("int32"))).toBeNull();
  });

  test("a select with a zero branch is hoisted, so that 0·∞ does not occur on the branch not taken", () => {
    const f = select(x.gt(0), x, x.expm1().mul(scalar(0)));
    const d = derivative(f) ?? x;
    // The select ends up outermost: no product has a select among its factors.
    const factors = topological([d]).filter((e) => e.op === "mul").flatMap((e) => e.args);
    expect(factors.some((e) => e.op === "select")).toBe(false);
  });

  test("tanh's derivative reads the value it already has", () => {
    const t = x.tanh();
    expect(opsOf(derivative(t) ?? x).filter((op) => op === "tanh")).toHaveLength(1);
  });
});

describe("types", () => {
  const typed = (f: Expr, ...dtypes: ("float32" | "float64" | "int32" | "bool")[]) =>
    new Program([f], dtypes.length, 0).typing(dtypes.map((dtype) => ({ dtype })), true);

  test("whole constants are weak, fractions ask for floats", () => {
    expect(typed(x.add(1), "int32").outputs).toEqual(["int32"]);
    expect(typed(x.mul(0.5), "int32").outputs).toEqual(["float32"]);
    expect(typed(x.mul(0.5), "float64").outputs).toEqual(["float64"]);
    expect(typed(x.div(2), "int32").outputs).toEqual(["float32"]);
    expect(typed(x.add(y), "bool", "bool").outputs).toEqual(["int32"]);
    expect(typed(select(x, y, 0), "bool", "float32").outputs).toEqual(["float32"]);
    expect(typed(x.lt(y), "float32", "int32").outputs).toEqual(["bool"]);
  });

  test("float32 programs compute in float32, anything with int32 in float64", () => {
    expect(typed(x.add(y), "float32", "float32").compute).toBe("float32");
    expect(typed(select(x, y, 0), "bool", "float32").compute).toBe("float32");
    expect(typed(x.add(y), "float32", "int32").compute).toBe("float64");
  });
});

test("constants that differ stay apart: both infinities, NaN, and whole numbers beyond int32", () => {
  const step = elementwise("step", (x) => select(x.eq(Infinity), 1, select(x.eq(-Infinity), 2, select(x.isNaN(), NaN, 3))));
  expect(step(tensor([Infinity, -Infinity, 0])).toArray()).toEqual([1, 2, 3]);
  const far = elementwise("far", (x) => select(x.gt(0), -(2 ** 40), 1));
  expect(far(tensor([1, -1], { dtype: "int32" })).toArray()).toEqual([-(2 ** 40), 1]);
});
