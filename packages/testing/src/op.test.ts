import { Expr, Program, defineComposite, defineOp, defineView, elementwise, example, tensor } from "@dl/tensor";
import type { ExampleSpec, KernelSpec, Op, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { runChecks } from "./check.js";
import { isGradientChecked, testOp } from "./op.js";

/** Failed checks of an op on one example, with their messages. */
async function faultsOf(op: Op, spec: ExampleSpec = { shapes: [[2, 3]] }): Promise<Record<string, string>> {
  const results = await runChecks(testOp(op, [example(op, spec)]));
  expect(results.length).toBeGreaterThan(1);
  return Object.fromEntries(results.filter(({ outcome }) => outcome === "failed").map(({ name, message }) => [name, message]));
}

const product = new Program([new Expr("input", [], 0).mul(new Expr("input", [], 1))], 2, 0);

/** x² by a kernel of its own, with the parts that a test wants wrong. */
const square = (parts: Partial<KernelSpec<[x: Tensor], null>> = {}): Op<[x: Tensor]> =>
  defineOp<[x: Tensor], null>({
    name: "square",
    parse: (x) => [[x], null],
    shape: ([x]) => x.shape,
    forward: (backend, [x], out) => { backend.map(product, [x, x], [out], []); },
    backward: ({ grad, inputs: [x] }) => [grad.mul(x).mul(2)],
    ...parts,
  });

describe("a sound op passes (OPT-09, SYS-03)", () => {
  test("with a kernel", async () => {
    expect(await faultsOf(square(), { inputs: [[1, -3]], expect: [1, 9] })).toEqual({});
  });

  test("as a formula", async () => {
    expect(await faultsOf(elementwise("gauss", (x) => x.square().neg().exp()))).toEqual({});
  });
});

describe("planted faults in ops (OPT-09, SYS-03)", () => {
  test("a wrong gradient", async () => {
    const found = await faultsOf(square({ backward: ({ grad, inputs: [x] }) => [grad.mul(x).mul(2.001)] }));
    expect(found["square #0: gradient"]).toMatch(/∂output\[0, 0\]\/∂input 0\[0, 0\] is -?\d.* analytically/);
  });

  test("a gradient of the wrong shape", async () => {
    const found = await faultsOf(square({ backward: ({ grad }) => [grad.sum()] }));
    expect(found["square #0: gradient"]).toContain('"square" gave input 0 of shape [2, 3] a gradient of shape []');
  });

  test("a gradient that leaves out an input", async () => {
    const op = defineComposite("scale", (x: Tensor, weight: Tensor) => x.mul(weight.detach()));
    expect(Object.keys(await faultsOf(op, { shapes: [[2], [2]] }))).toEqual(["scale #0: gradient", "scale #0: second gradient"]);
  });

  test("a right first and a wrong second derivative", async () => {
    const found = await faultsOf(square({ backward: ({ grad, inputs: [x] }) => [grad.mul(x.detach()).mul(2)] }));
    expect(Object.keys(found)).toEqual(["square #0: second gradient"]);
  });

  test("a shape rule that disagrees with the kernel", async () => {
    const swapped = defineOp<[a: Tensor, b: Tensor], null>({
      name: "product",
      parse: (a, b) => [[a, b], null],
      shape: ([a, b]) => [b.shape[1], a.shape[0]],
      forward: (backend, [a, b], out) => { backend.matmul(a, b, out); },
    });
    const found = await faultsOf(swapped, { shapes: [[2, 3], [3, 4]] });
    expect(found["product #0: shape rule"]).toContain("the output has shape [4, 2], the kernel fits [2, 4]");
  });

  test("a shape rule that depends on the dtype", async () => {
    const found = await faultsOf(defineComposite("moody", (x: Tensor) => (x.dtype === "float64" ? x.sum() : x.neg())));
    expect(found["moody #0: shape rule"]).toContain("the shape is [2, 3] for float32 and [] for float64");
  });

  test("a view that leaves its memory", async () => {
    const ahead = defineView<[x: Tensor], null>({ name: "ahead", parse: (x) => [[x], null], view: (x) => ({ shape: x.shape, strides: x.strides, offset: x.offset + 1 }) });
    expect((await faultsOf(ahead))["ahead #0: shape rule"]).toContain("reaches elements 1 to 6 of a buffer of 6");
  });

  test("an output of the wrong shape or value", async () => {
    const wrongShape = await faultsOf(square(), { inputs: [[1, 2]], expect: [[1, 4]] });
    expect(wrongShape["square #0: values"]).toContain("the shape is [2], not [1, 2]");
    const wrongValue = await faultsOf(square(), { inputs: [[1, 2]], expect: [1, 5] });
    expect(wrongValue["square #0: values"]).toContain("the element at [1] is 4, not 5");
  });

  test("numbers where truth values are expected", async () => {
    const found = await faultsOf(elementwise("same", (x) => x.div(1)), { inputs: [[1, 0]], expect: [true, false] });
    expect(found["same #0: values"]).toContain("the output is float32, not bool");
  });

  test("an op that is not deterministic", async () => {
    let calls = 0;
    const found = await faultsOf(defineComposite("noisy", (x: Tensor) => x.add(calls++)));
    expect(found["noisy #0: deterministic"]).toContain("The same inputs must give the same bits");
  });

  test("an op that modifies its input", async () => {
    const found = await faultsOf(
      square({
        forward: (backend, [x], out) => {
          backend.map(product, [x, x], [out], []);
          backend.copy(out, x);
        },
      }),
    );
    expect(found["square #0: inputs unchanged"]).toMatch(/square #0, input 0 after the call: the element at \[0, 0\] is/);
  });

  test("an op that ignores strides", async () => {
    const found = await faultsOf(
      square({ forward: (backend, [{ buffer, dtype, shape }], out) => { backend.map(product, [0, 1].map(() => ({ buffer, dtype, shape, strides: out.strides, offset: 0 })), [out], []); } }),
    );
    expect(found["square #0: transposed inputs"]).toContain("square #0 of transposed inputs: the element at [0, 0] is NaN");
    expect(found["square #0: offset inputs"]).toContain("is NaN");
  });

  test("an op that overflows on finite inputs", async () => {
    const found = await faultsOf(elementwise("odds", (x) => x.exp().div(x.exp())), { inputs: [[1, 1000]] });
    expect(found["odds #0: finite"]).toContain("finite inputs give NaN");
  });

  test("an op that makes its helpers on the wrong backend", async () => {
    const found = await faultsOf(defineComposite("shifted", (x: Tensor) => x.add(tensor([1]))));
    expect(found["shifted #0: shape rule"]).toContain("operands live on backends");
  });

  test("an op that takes what it should refuse, or refuses it with another message", async () => {
    const bad = { shapes: [[2], [3]], throws: "do not match" };
    const add = elementwise("plus", (a, b) => a.add(b));
    expect((await faultsOf(add, bad))["plus #0: refuses bad input"]).toContain('which does not contain "do not match"');
    expect((await faultsOf(add, { ...bad, shapes: [[2], [2]] }))["plus #0: refuses bad input"]).toContain('it gives a tensor of shape [2] where it should throw "do not match"');
  });

  test("an op without examples, and an example without inputs", async () => {
    const results = await runChecks(testOp(square(), []));
    expect(results).toEqual([{ name: "square: has examples", outcome: "failed", message: expect.stringContaining("square: the op has no examples") as string }]);
    expect((await faultsOf(square(), {}))["square #0: deterministic"]).toContain("the example has neither inputs nor shapes");
  });
});

test("isGradientChecked tells where numeric gradients are compared", () => {
  const op = square();
  expect(isGradientChecked(example(op, { shapes: [[2]] }))).toBe(true);
  expect(isGradientChecked(example(op, { shapes: [[2]], gradient: false }))).toBe(false);
  expect(isGradientChecked(example(op, { shapes: [[2]], dtypes: ["int32"] }))).toBe(false);
  expect(isGradientChecked(example(elementwise("positive", (x) => x.gt(0)), { shapes: [[2]] }))).toBe(false);
});
