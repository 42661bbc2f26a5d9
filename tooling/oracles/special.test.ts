// Values and slopes of the special functions in float64 against PyTorch's and mpmath's; values in float32 against the same numbers.
import { grad } from "@dl/autograd";
import {
  copysign, digamma, entr, erfc, erfinv, exp2, frac, hypot, i0, i1, lgamma, logAddExp, logNdtr, ndtr, ndtri, polygamma, sinc, xlog1py,
} from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture } from "./fixture.js";

type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

const unary: Readonly<Record<string, Unary>> = {
  erfc, erfinv, ndtr, logNdtr, ndtri, lgamma, digamma, i0, i1, entr, exp2, sinc, frac,
  polygamma1: (x) => polygamma(1, x), polygamma2: (x) => polygamma(2, x), polygamma3: (x) => polygamma(3, x),
};
const binary: Readonly<Record<string, Binary>> = { logAddExp, hypot, copysign, xlog1py };

const leaf = (x: Tensor): Tensor => {
  const copy = x.clone();
  copy.requiresGrad = true;
  return copy;
};

const cases = readFixture<object>("special");

/** Rounding x to float32 alone moves a value by |x·f′(x)|·6e-8. */
function expectNarrow(f: Unary, { x, y, slope }: Readonly<Record<string, Tensor>>, what: string): void {
  const found = f(x.to("float32")).dataSync();
  const [xs, ys, slopes] = [x, y, slope].map((t) => t.dataSync());
  const wrong = xs.findIndex((value: number, i: number) => !(Math.abs(found[i] - ys[i]) <= 1e-6 * (1 + Math.abs(ys[i])) + 1e-7 * Math.abs(value * slopes[i])));
  expect(wrong === -1 ? "equal" : `${found[wrong]} instead of ${ys[wrong]} at ${xs[wrong]}`, `${what} in float32`).toBe("equal");
}

describe("special functions equal PyTorch's (OPT-09)", () => {
  test.each(cases.filter(({ name }) => name in unary).map((c, i) => [`${c.name} #${i}`, c] as const))("%s", (_, { name, tensors }) => {
    const f = unary[name];
    const x = leaf(tensors.x);
    const y = f(x);
    expectClose(y, tensors.y, 1e-12, `${name}(x)`);
    expectClose(grad(y.sum(), [x])[0], tensors.slope, 1e-12, `${name}′(x)`);
    expectNarrow(f, tensors, name);
  });

  test.each(cases.filter(({ name }) => name in binary).map((c) => [c.name, c] as const))("%s", (name, { tensors }) => {
    const f = binary[name];
    const [a, b] = [leaf(tensors.a), leaf(tensors.b)];
    const y = f(a, b);
    const [slopeA, slopeB] = grad(y.sum(), [a, b], { allowUnused: true });
    expectClose(y, tensors.y, 1e-12, name);
    expectClose(slopeA, tensors.slopeA, 1e-12, `∂${name}/∂a`);
    expectClose(slopeB, tensors.slopeB, 1e-12, `∂${name}/∂b`);
  });
});
