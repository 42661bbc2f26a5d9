import { backward } from "@dl/autograd";
import { tensor } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

/** Chapter 1: the gradient of a function of two variables, found by `backward` and checked by looking left and right. */
export const gradient = /* @__PURE__ */ defineCalculation({
  name: "gradient",
  title: "The gradient of 3x² + xy at (3, 4)",
  chapter: 1,
  calculate: () => {
    const [x, y] = [tensor(3, { requiresGrad: true }), tensor(4, { requiresGrad: true })];

    // f(x, y) = 3x² + xy
    const f = x.square().mul(3).add(x.mul(y));

    // ∇f = (∂f/∂x, ∂f/∂y) = (6x + y, x)
    backward(f);
    const [dx, dy] = [x.grad?.item() ?? NaN, y.grad?.item() ?? NaN];

    // The slope between two points on either side of x: (f(x + h, y) − f(x − h, y)) / 2h
    const h = 1e-3;
    const value = (a: number, b: number): number => 3 * a * a + a * b;
    const slope = (value(3 + h, 4) - value(3 - h, 4)) / (2 * h);

    // x′ = x − η∇f: a small step against the gradient goes down.
    const rate = 0.01;
    const after = value(3 - rate * dx, 4 - rate * dy);
    return {
      text: [
        `f(3, 4) = ${f.item()}`,
        `∇f(3, 4) = [${dx}, ${dy}]: f grows ${dx} times as fast as x, and ${dy} times as fast as y.`,
        `Measured between 3 − ${h} and 3 + ${h}, f grows ${slope.toFixed(3)} times as fast as x.`,
        `A step of ${rate} against the gradient takes f from ${f.item()} to ${after.toFixed(3)}.`,
      ],
      numbers: { f: f.item(), dx, dy, slope, after },
      figures: {},
    };
  },
});
