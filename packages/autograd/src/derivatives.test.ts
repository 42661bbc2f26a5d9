import { softmax, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { customFunction } from "./custom.js";
import { hessian, jacobian, jvp, vjp } from "./derivatives.js";
import { grad } from "./grad.js";
import { gradcheck, gradgradcheck } from "./gradcheck.js";
import { graph } from "./graph.js";
import { minimize } from "./minimize.js";

const float64 = (values: number[]): Tensor => tensor(values, { dtype: "float64" });

const functions: Record<string, (x: Tensor) => Tensor> = {
  tanh: (x) => x.tanh(),
  sigmoid: (x) => x.sigmoid(),
  exp: (x) => x.exp(),
  softmax: (x) => softmax(x, 0),
};

const products: [name: string, expected: number[]][] = [
  ["tanh", [5.1203, 1.88, 1.5972, 2.7523]],
  ["sigmoid", [0.4586, 1.1019, -0.6646, 0.1966]],
  ["exp", [21.6854, 16.1822, -46.0062, 13.351]],
  ["softmax", [0.4999, 0.3827, -1.1743, 0.2917]],
];

describe("derivatives of higher order", () => {
  test.each(products)("OPT-10: Hessian-vector product of (Σ c·%s(x))²", (name, expected) => {
    const c = float64([1, 2, -1, 0.5]);
    const x = float64([0.3, -0.7, 1.1, 0.5]);
    const v = float64([0.3, 1, -2, 0.7]);
    const f = (y: Tensor): Tensor => functions[name](y).mul(c).sum().square();
    const product = hessian(f, x).matmul(v).dataSync();
    const byJvp = jvp((y) => grad(f(y), [y], { createGraph: true })[0], x, v).product.dataSync();
    expected.forEach((value, i) => {
      expect(Math.abs(product[i] - value)).toBeLessThan(6e-5);
      expect(byJvp[i]).toBeCloseTo(product[i], 10);
    });
  });

  test("grad as a function nests to the third order", () => {
    const cube = (x: Tensor): Tensor => x.pow(3).sum();
    const third = grad((x) => grad((y) => grad(cube)(y).sum())(x).sum());
    expect(grad(cube)(tensor(2)).item()).toBe(12);
    expect(third(float64([2])).item()).toBeCloseTo(6, 10);
  });

  test("OPT-06: grad(f) at (3, 4) is [22, 3]", () => {
    const f = grad((x: Tensor, y: Tensor) => x.square().mul(3).add(x.mul(y)));
    expect(f(tensor(3), tensor(4)).map((g) => g.item())).toEqual([22, 3]);
  });

  test("the Jacobian of a linear map is its matrix; vjp and jvp multiply with it", () => {
    const matrix = tensor([[1, 2, 3], [4, 5, 6]]);
    const f = (x: Tensor): Tensor => matrix.matmul(x);
    expect(jacobian(f, tensor([1, 1, 1])).toArray()).toEqual([[1, 2, 3], [4, 5, 6]]);
    expect(vjp(f, tensor([1, 1, 1]), tensor([1, 1])).product.toArray()).toEqual([5, 7, 9]);
    expect(jvp(f, tensor([1, 1, 1]), tensor([1, 0, 1])).product.toArray()).toEqual([4, 10]);
    expect(() => jvp(f, tensor([1, 1, 1]), tensor([1]))).toThrow(/vector has shape \[1\], not \[3\]/);
  });

  test("an input that is not used is an error, or zeros on request", () => {
    const [x, unused] = [tensor(1, { requiresGrad: true }), tensor(1, { requiresGrad: true })];
    expect(() => grad(x.mul(2), [unused])).toThrow(/do not depend on input 0/);
    expect(grad(x.mul(2), [unused], { allowUnused: true })[0].item()).toBe(0);
  });
});

describe("gradcheck", () => {
  const x = float64([0.3, -0.7]);

  test("OPT-09: passes a right gradient and names the element of a wrong one", () => {
    expect(gradcheck((y) => y.tanh(), [x])).toBe(true);
    const wrong = customFunction({ name: "wrong", forward: (y) => y.square(), backward: ({ grad: g, inputs: [y] }) => [g.mul(y)] });
    expect(() => gradcheck(wrong, [x])).toThrow(/∂output\[0\]\/∂input 0\[0\] is 0.3 analytically, 0.6/);
  });

  test("OPT-09: gradgradcheck catches a gradient that is right but whose own gradient is not", () => {
    const halfRight = customFunction({ name: "halfRight", forward: (y) => y.square(), backward: ({ grad: g, inputs: [y] }) => [g.mul(y.detach()).mul(2)] });
    expect(gradcheck(halfRight, [x])).toBe(true);
    expect(() => gradgradcheck(halfRight, [x])).toThrow(/analytically/);
    expect(gradgradcheck((y) => y.square(), [x])).toBe(true);
  });

  test("float32 inputs are refused", () => {
    expect(() => gradcheck((y) => y, [tensor([1])])).toThrow(/float32/);
  });
});

describe("tools", () => {
  test("OPT-08: the graph prints each node's value and gradient", () => {
    const [a, b] = [tensor(2, { requiresGrad: true }), tensor(3, { requiresGrad: true })];
    const e = a.add(b).mul(b.add(1));
    const dot = graph.toDot(e, { a, b, e });
    expect(dot).toContain("a (leaf)\\nvalue 2");
    expect(dot).toContain("e (mul)\\nvalue 20");
    expect(graph.trace(e).map((node) => node.op)).toEqual(["leaf", "leaf", "add", "add", "mul"]);
    expect(dot.match(/->/g)).toHaveLength(5);
  });

  test("OPT-01: minimize (x − 3)² + (y + 1)² from (0, 0)", () => {
    const target = tensor([3, -1]);
    const { x, steps, converged } = minimize((p) => p.sub(target).square().sum(), tensor([0, 0]), { steps: 200, tolerance: 1e-5 });
    const [px, py] = x.dataSync();
    expect(Math.hypot(px - 3, py + 1)).toBeLessThan(1e-4);
    expect(steps).toBeLessThanOrEqual(200);
    expect(converged).toBe(true);
    expect(() => minimize((p) => p.square().sum(), tensor([1]), { lr: 1e30, steps: 1000 })).toThrow(/smaller lr/);
  });
});
