import { Linear, Sequential, Tanh } from "@dl/nn";
import { Generator, randn } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { simplify } from "./simplify.js";

const generator = new Generator(7);
const linear = (inputs: number, outputs: number, bias = true): Linear => new Linear(inputs, outputs, { dtype: "float64", bias, generator });

describe("LIN-05 simplify", () => {
  test.each([
    ["with biases", true, true],
    ["without the first bias", false, true],
    ["without the second bias", true, false],
    ["without biases", false, false],
  ])("two affine layers %s equal one", (_, first, second) => {
    const stack = new Sequential(linear(5, 7, first), linear(7, 3, second));
    const one = simplify(stack);
    const x = randn([16, 5], { dtype: "float64", generator });
    expect(one.length).toBe(1);
    expect(one.forward(x).sub(stack.forward(x)).abs().max().item()).toBeLessThan(1e-12);
  });

  test("folds runs of layers on both sides of a non-linearity, and not across it", () => {
    const stack = new Sequential(linear(4, 6), linear(6, 5), linear(5, 8), new Tanh(), linear(8, 3), linear(3, 2));
    const folded = simplify(stack);
    const x = randn([9, 4], { dtype: "float64", generator });
    expect([...folded].map((layer) => layer.constructor.name)).toStrictEqual(["Linear", "Tanh", "Linear"]);
    expect(folded.forward(x).sub(stack.forward(x)).abs().max().item()).toBeLessThan(1e-12);
    expect(stack.length).toBe(6);
  });
});
