import { UnknownNameError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { allClose, copysign, digamma, entr, erfc, hypot, i0, i1, isClose, lgamma, logAddExp, logNdtr, nanToNum, onesLike, polygamma, sinc, tensor, xlog1py } from "../../index.js";
import type { Tensor } from "../../index.js";

const wide = (values: readonly number[]): Tensor => tensor(values, { dtype: "float64", requiresGrad: true });

/** The gradient of Σy with respect to x, through the tape itself: @dl/autograd stands right of this package. */
function slopes(y: Tensor, input = 0): number[] {
  const gradients = y.origin?.backward(onesLike(y), y, [true, true]) ?? [];
  return Array.from(gradients[input]?.dataSync() ?? []);
}

describe("the branch not taken stays out of the gradient", () => {
  test.each<[string, () => number[], number[]]>([
    ["sinc at 0 and at whole numbers", () => slopes(sinc(wide([0, 1, -2]))), [0, -1, -0.5]],
    ["logAddExp of equal infinities", () => slopes(logAddExp(wide([-Infinity, Infinity, 3]), wide([-Infinity, Infinity, -Infinity]))), [0.5, 0.5, 1]],
    ["xlog1py at x = 0", () => slopes(xlog1py(wide([0, 0]), wide([-1, 1]))), [0, Math.LN2]],
    ["xlog1py at y = −1", () => slopes(xlog1py(wide([0, 2]), wide([-1, 0])), 1), [0, 2]],
    ["hypot at the origin", () => slopes(hypot(wide([0]), wide([0]))), [0]],
    ["i1 at 0", () => slopes(i1(wide([0]))), [0.5]],
    ["nanToNum", () => slopes(nanToNum(wide([NaN, Infinity, -Infinity, 2]))), [0, 0, 0, 1]],
    ["copysign", () => slopes(copysign(wide([2, -2]), -1)), [-1, 1]],
    ["entr below 0", () => slopes(entr(wide([-1, 1]))), [0, -1]],
    ["lgamma far out", () => slopes(lgamma(wide([1e300]))), [Math.log(1e300)]],
    ["logNdtr in both tails", () => slopes(logNdtr(wide([-1e6, 40]))), [1e6, 0]],
    ["erfc in both tails", () => slopes(erfc(wide([-30, 30]))), [0, 0]],
  ])("%s", (_, found, expected) => {
    found().forEach((value, i) => { expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(2e-12 * (1 + Math.abs(expected[i]))); });
    expect(found()).toHaveLength(expected.length);
  });
});

test("poles and limits", () => {
  const at = (f: (x: Tensor) => Tensor, values: readonly number[]): number[] => Array.from(f(wide(values)).dataSync());
  expect(at(digamma, [0, -0, -1, -7, Infinity])).toEqual([-Infinity, Infinity, NaN, NaN, Infinity]);
  expect(at((x) => polygamma(1, x), [0, -1, Infinity])).toEqual([Infinity, Infinity, 0]);
  expect(at((x) => polygamma(2, x), [0, -1, Infinity])).toEqual([-Infinity, NaN, -0]);
  expect(at(lgamma, [0, -1, -1e10, -Infinity])).toEqual([Infinity, Infinity, Infinity, Infinity]);
  expect(at(i0, [Infinity, -Infinity])).toEqual([Infinity, Infinity]);
  expect(at(i0, [710])[0] / 3.345334558619664e306).toBeCloseTo(1, 12);
  expect(at(i1, [-Infinity])).toEqual([-Infinity]);
  expect(at(nanToNum, [NaN, Infinity, -Infinity])).toEqual([0, Number.MAX_VALUE, -Number.MAX_VALUE]);
  expect(Array.from(nanToNum(tensor([Infinity])).dataSync())).toEqual([3.4028234663852886e38]);
});

test("integers are taken as float32", () => {
  const whole = tensor([1, 2], { dtype: "int32" });
  for (const f of [erfc, lgamma, digamma, i0, (x: Tensor) => polygamma(1, x)]) expect(f(whole).dtype).toBe("float32");
  expect(hypot(whole, whole).dtype).toBe("float32");
  expect(nanToNum(whole)).toBe(whole);
});

test("allClose says whether all elements are close", async () => {
  const [a, b] = [tensor([1, 2, NaN]), tensor([1, 2.00001, NaN])];
  expect(await allClose(a, b)).toBe(false);
  expect(await allClose(a, b, { equalNan: true })).toBe(true);
  expect(await allClose(a, b, { equalNan: true, rtol: 0, atol: 1e-6 })).toBe(false);
  expect(await allClose(tensor([3, 3]), 3)).toBe(true);
  expect(() => isClose(a, b, { equalNaN: true } as object)).toThrow(UnknownNameError);
});
