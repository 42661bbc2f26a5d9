import { StateError } from "@dl/registry";
import { defineOp, randn, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { backward, retainGrad } from "./backward.js";
import { customFunction } from "./custom.js";
import { noGrad } from "./mode.js";

const leaf = (value: number | number[]): Tensor => tensor(value, { requiresGrad: true });

describe("backward", () => {
  test("OPT-06: f = 3x² + xy at (3, 4) has gradient [22, 3]", () => {
    const [x, y] = [leaf(3), leaf(4)];
    backward(x.square().mul(3).add(x.mul(y)));
    expect([x.grad?.item(), y.grad?.item()]).toEqual([22, 3]);
  });

  test("OPT-06: three steps of gradient descent on 5w₀² + ½w₁²", () => {
    let w = leaf([1, 1]);
    for (let step = 0; step < 3; step++) {
      backward(w.square().mul(tensor([5, 0.5])).sum());
      const gradient = w.grad ?? w;
      w = tensor(w.sub(gradient.mul(0.05)).dataSync(), { requiresGrad: true });
    }
    const [w0, w1] = w.dataSync();
    expect(w0).toBeCloseTo(0.125, 6);
    expect(w1).toBeCloseTo(0.857375, 6);
  });

  test("OPT-08: e = (a + b)(b + 1) adds up both paths to b", () => {
    const [a, b] = [leaf(2), leaf(3)];
    const c = retainGrad(a.add(b));
    const d = retainGrad(b.add(1));
    const e = c.mul(d);
    backward(e);
    expect([c, d, e].map((x) => x.item())).toEqual([5, 4, 20]);
    expect([c, d, a, b].map((x) => x.grad?.item())).toEqual([4, 5, 4, 9]);
  });

  test("OPT-07: each op's backward runs exactly once in a diamond", () => {
    let runs = 0;
    const counted = customFunction({
      name: "counted",
      forward: (x) => x.mul(1),
      backward: ({ grad }) => {
        runs++;
        return [grad];
      },
    });
    const x = leaf(2);
    const shared = counted(x);
    backward(shared.mul(shared).add(shared.tanh()).add(shared.exp()));
    expect(runs).toBe(1);
    expect(x.grad?.item()).toBeCloseTo(4 + 1 - Math.tanh(2) ** 2 + Math.exp(2), 5);
  });

  test("OPT-07: a second backward names retainGraph, and works with it", () => {
    const x = leaf(3);
    const once = x.square();
    backward(once);
    expect(() => { backward(once); }).toThrow(StateError);
    expect(() => { backward(once); }).toThrow(/retainGraph/);
    const twice = x.square();
    backward(twice, { retainGraph: true });
    backward(twice);
    expect(x.grad?.item()).toBe(18);
  });

  test("OPT-07: the memory of the graph is let go", () => {
    const y = leaf(3).square();
    backward(y);
    expect(y.origin?.isReleased).toBe(true);
  });

  test("a chain of 50,000 ops does not overflow the stack", () => {
    const x = leaf(1);
    let y = x;
    for (let i = 0; i < 50_000; i++) y = y.add(x.size === 1 ? 0.5 : 0);
    backward(y);
    expect(x.grad?.item()).toBe(1);
  });

  test("gradients accumulate over calls, also where they alias", () => {
    const x = leaf([1, 2]);
    backward(x.sum());
    backward(x.sum());
    expect(x.grad?.toArray()).toEqual([2, 2]);
  });

  test("only scalars, only tensors with a graph, only gradients of the right shape", () => {
    const x = leaf([1, 2]);
    expect(() => { backward(x.mul(2)); }).toThrow(/not a scalar/);
    expect(() => { backward(tensor(1)); }).toThrow(/nothing that requires a gradient/);
    expect(() => { backward(x.mul(2), { gradient: tensor([1, 2, 3]) }); }).toThrow(/shape \[3\]/);
    expect(() => { backward(noGrad(() => x.sum())); }).toThrow(StateError);
  });

  test("unknown options are refused with near matches", () => {
    const options = { createGraph: false, retainGrph: true };
    expect(() => { backward(leaf(1).mul(2), options); }).toThrow(/Did you mean "retainGraph"/);
  });

  test("an input assigned after its use is refused", () => {
    const w = leaf([1, 2]);
    const loss = w.square().sum();
    w.assign(tensor([3, 4]));
    expect(() => { backward(loss); }).toThrow(/assigned a new value after it was used/);
  });

  test("a gradient of the wrong shape names the op", () => {
    const wrong = defineOp({
      name: "wrong",
      parse: (x: Tensor) => [[x], null],
      shape: ([x]) => x.shape,
      forward: (backend, [x], out) => { backend.copy(x, out); },
      backward: ({ grad }) => [grad.sum()],
    });
    expect(() => { backward(wrong(leaf([1, 2])).sum()); }).toThrow(/"wrong" gave input 0 of shape \[2\] a gradient of shape \[\]/);
  });

  test("detach cuts the graph and noGrad records nothing", () => {
    const x = leaf(2);
    backward(x.mul(x.detach()));
    expect(x.grad?.item()).toBe(2);
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    expect(() => noGrad(() => Promise.resolve(x))).toThrow(/promise/);
  });

  test("OPT-07: backward of a deep MLP costs less than four forward passes in ops", () => {
    const weights = Array.from({ length: 50 }, () => randn([8, 8], { requiresGrad: true }));
    let x = randn([4, 8]);
    const before = randn([1]).id;
    for (const w of weights) x = x.matmul(w).tanh();
    const loss = x.sum();
    const forward = loss.id - before;
    backward(loss);
    const total = randn([1]).id - before;
    expect((total - forward) / forward).toBeLessThan(4);
  });
});
