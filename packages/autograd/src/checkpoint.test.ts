import { StateError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, bernoulli, cat, manualSeed, randn, tensor, zerosLike } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { backward, retainGrad } from "./backward.js";
import { checkpoint, checkpointed } from "./checkpoint.js";
import { tape } from "./engine.js";
import { flopsOf } from "./flops.js";
import { grad } from "./grad.js";
import { gradcheck, gradgradcheck } from "./gradcheck.js";
import { noGrad } from "./mode.js";

type Part = (...inputs: Tensor[]) => Tensor;
type Wrap = (f: Part) => Part;

const plain: Wrap = (f) => f;
const lean: Wrap = (f) => checkpointed(f);

const generator = new Generator(3);
const leaf = (shape: number[], dtype: DType = "float32"): Tensor => randn(shape, { generator, dtype, requiresGrad: true });
const bits = (x: Tensor | null): number[] => [...(x?.dataSync() ?? [])];

const dropped = (x: Tensor, source?: Generator): Tensor => x.mul(bernoulli(x.shape, 0.7, { ...(source && { generator: source }) })).div(0.7);

/** Gradients of `build` for all leaves, with and without checkpoints. */
function bothWays(leaves: readonly Tensor[], build: (wrap: Wrap) => Tensor): [number[][], number[][]] {
  const gradients = (wrap: Wrap): number[][] => {
    for (const x of leaves) x.grad = null;
    manualSeed(7);
    const loss = build(wrap);
    backward(loss);
    return [[loss.item()], ...leaves.map(({ grad: found }) => bits(found))];
  };
  return [gradients(plain), gradients(lean)];
}

describe("checkpoint", () => {
  const [x, w, v] = [leaf([4, 6]), leaf([6, 6]), leaf([6, 6])];

  test.each<[string, (wrap: Wrap) => Tensor]>([
    ["inputs and captured parameters", (wrap) => wrap((y) => y.matmul(w).tanh().matmul(v).tanh())(x).square().sum()],
    ["captured parameters alone", (wrap) => wrap(() => w.matmul(v).tanh())().sum()],
    ["an input that wants no gradient", (wrap) => wrap((y) => y.matmul(w).tanh())(x.detach()).sum()],
    ["a part in a row of others", (wrap) => wrap((y) => y.matmul(v).tanh())(wrap((y) => y.matmul(w).tanh())(x.mul(2))).mul(3).sum()],
    ["a captured tensor that is no leaf", (wrap) => { const scaled = w.mul(0.5).exp(); return wrap((y) => y.matmul(scaled).tanh())(x).add(scaled.sum()).sum(); }],
    ["an input used often within, and around", (wrap) => wrap((y) => y.matmul(w).tanh().add(y.mul(y.exp())).add(y.square()))(x).add(x).mul(x).sum()],
    ["a parameter shared by three parts", (wrap) => { const part = wrap((y) => y.matmul(w).tanh().matmul(w).sigmoid().matmul(w)); return part(part(part(x))).sum(); }],
    ["parts within parts", (wrap) => wrap((y) => wrap((z) => z.matmul(w).tanh())(y).matmul(v).add(y))(x).sum()],
    ["several inputs", (wrap) => wrap((a, b, c) => a.matmul(b).tanh().matmul(c).add(a))(x, w, v).square().sum()],
    ["random masks", (wrap) => wrap((y) => dropped(dropped(y.matmul(w)).tanh().matmul(v)))(dropped(x)).add(dropped(x)).sum()],
    ["a gradient through a part whose output is a view", (wrap) => wrap((y) => y.matmul(w).tanh().transpose())(x).matmul(x).sum()],
    ["an output that is an input", (wrap) => wrap((y) => y)(x).mul(w.sum()).add(v.sum()).sum()],
  ])("gives the bits of the plain run for %s", (_, build) => {
    const [wanted, found] = bothWays([x, w, v], build);
    expect(found).toStrictEqual(wanted);
    expect(wanted.flat().some((value) => value !== 0)).toBe(true);
  });

  test("draws from generators of its own the same numbers again, and leaves them where they were", () => {
    const masks = new Generator(5);
    const run = (wrap: Wrap): [number[], number[]] => {
      masks.manualSeed(5);
      const [gradient] = grad(wrap((y) => dropped(y.exp(), masks))(x).square().sum(), [x]);
      return [bits(gradient), [masks.uniform()]];
    };
    expect(run((f) => checkpointed(f, { generators: [masks] }))).toStrictEqual(run(plain));
  });

  test("keeps no inner tensor on the tape", () => {
    const deep: Part = (y) => Array.from({ length: 20 }).reduce<Tensor>((z) => z.matmul(w).tanh(), y);
    expect(tape([deep(x).sum()])).toHaveLength(43);
    expect(tape([checkpoint(deep, x).sum()])).toHaveLength(4);
  });

  test("computes the part again once, and not at all without gradients", () => {
    let runs = 0;
    const f: Part = (y) => { runs += 1; return y.matmul(w).tanh(); };
    const loss = checkpoint(f, x).sum();
    expect(runs).toBe(1);
    backward(loss);
    expect(runs).toBe(2);
    expect(noGrad(() => checkpoint(f, x)).origin).toBe(null);
    expect(checkpoint(f, x.detach()).requiresGrad).toBe(true);
    expect(checkpoint((y) => y.exp(), x.detach()).requiresGrad).toBe(false);
    expect(runs).toBe(4);
  });

  test("grad follows only the paths to its targets", () => {
    const part = checkpointed((y) => y.matmul(w).tanh().add(v.mul(2).sum()));
    const loss = part(x).sum();
    expect(bits(grad(loss, [v], { retainGraph: true })[0])).toStrictEqual(bits(zerosLike(v).add(48)));
    expect(bits(grad(loss, [w], { retainGraph: true })[0])).toStrictEqual(bits(grad(x.matmul(w).tanh().sum(), [w])[0]));
    expect(() => grad(loss, [leaf([1])])).toThrow(/do not depend on input 0/);
  });

  test("gradients are right to the second order", () => {
    const [a, b] = [leaf([2, 3], "float64"), leaf([3, 2], "float64")];
    const part: Part = (y, z) => checkpoint((p, q) => p.matmul(q).tanh().square().add(q.sum()), y, z).exp();
    expect(gradcheck(part, [a, b])).toBe(true);
    expect(gradgradcheck(part, [a, b])).toBe(true);
    const hessianOf = (wrap: Wrap): number[] => bits(grad(grad(wrap((y) => y.pow(3).mul(b.sum()))(a).sum(), [a], { createGraph: true })[0].square().sum(), [b])[0]);
    expect(hessianOf(lean)).toStrictEqual(hessianOf(plain));
  });

  test("the graph serves twice when it is retained, and says so when it is not", () => {
    const once = checkpoint((y) => y.matmul(w).tanh(), x).sum();
    backward(once);
    expect(() => { backward(once); }).toThrow(/retainGraph/);
    const twice = checkpoint((y) => y.matmul(w).tanh(), x).sum();
    w.grad = null;
    backward(twice, { retainGraph: true });
    const first = w.grad as Tensor | null;
    backward(twice);
    expect(bits(w.grad)).toStrictEqual(bits(first?.mul(2) ?? null));
  });

  test("retainGrad works on its output and its input", () => {
    const input = retainGrad(x.mul(2));
    const output = retainGrad(checkpoint((y) => y.matmul(w), input));
    backward(output.sum());
    expect(bits(output.grad)).toStrictEqual(bits(zerosLike(output).add(1)));
    expect(bits(input.grad)).toStrictEqual(bits(zerosLike(output).add(1).matmul(w.transpose())));
  });

  test("another function may stand in for the second run", () => {
    let updates = 0;
    const body: Part = (y) => y.matmul(w).tanh();
    const part = checkpointed((y) => { updates += 1; return body(y); }, { recompute: body });
    backward(part(x).sum());
    expect(updates).toBe(1);
  });

  test("counts the operations of the part", () => {
    const f: Part = (y) => y.matmul(w).mul(2);
    expect(flopsOf(checkpoint(f, x))).toBe(2 * 4 * 6 * 6 + 24);
    expect(flopsOf(checkpoint((y) => checkpoint(f, y).add(1), x))).toBe(2 * 4 * 6 * 6 + 48);
    expect(flopsOf(x)).toBe(0);
  });

  test("a parameter that was assigned in between is refused", () => {
    const p = leaf([6, 6]);
    const loss = checkpoint((y) => y.matmul(p).tanh(), x).sum();
    p.assign(tensor(p.dataSync(), { shape: p.shape }));
    expect(() => { backward(loss); }).toThrow(/an input of "checkpoint", of shape \[6, 6\], was assigned/);
  });

  test("a function that computes something else the second time is refused", () => {
    let calls = 0;
    const wider: Part = (y) => (calls++ === 0 ? y.exp() : cat([y, y], 0));
    const byShape = checkpoint(wider, x).sum();
    expect(() => { backward(byShape); }).toThrow(StateError);
    calls = 0;
    const other: Part = (y) => (calls++ === 0 ? y.exp() : y.matmul(w));
    const bySource = checkpoint(other, x).sum();
    expect(() => { backward(bySource); }).toThrow(/depends on a tensor of shape \[6, 6\] only when it ran again/);
  });

  test("only one tensor may come out, and options are checked", () => {
    expect(() => checkpoint((y) => Promise.resolve(y) as never, x)).toThrow(/returned a promise, not a tensor/);
    expect(() => checkpoint((y) => [y, y] as never, x)).toThrow(ValueError);
    expect(() => checkpointed((y) => y, { generator } as object)).toThrow(UnknownNameError);
  });
});
