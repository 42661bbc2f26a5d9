import { backward, graph, retainGrad } from "@dl/autograd";
import { graphDiagram } from "@dl/figures";
import { tensor } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

/** A node of the graph, with its value and how many times as fast as it e grows. */
export interface NodeFacts {
  readonly id: number;
  readonly name: string;
  /** How it is computed: "c = a + b"; the name of an input. */
  readonly formula: string;
  readonly value: number;
  readonly gradient: number;
  readonly inputs: readonly number[];
}

const formulas: Readonly<Record<string, string>> = { c: "c = a + b", d: "d = b + 1", e: "e = c · d" };

/** e = (a + b)(b + 1) forward and backward. The picture says `valueWord` before each value. */
export function backpropagationThrough(aValue: number, bValue: number, valueWord = "value"): { readonly facts: readonly NodeFacts[]; readonly figure: string } {
  const [a, b] = [tensor(aValue, { requiresGrad: true }), tensor(bValue, { requiresGrad: true })];

  // Forward: c = a + b, d = b + 1, e = c·d
  const c = a.add(b);
  const d = b.add(1);
  const e = c.mul(d);

  // Backward: ∂e/∂c = d, ∂e/∂d = c, ∂e/∂a = ∂e/∂c · 1, ∂e/∂b = ∂e/∂c · 1 + ∂e/∂d · 1
  const nodes = { a, b, c, d, e };
  for (const node of [c, d, e]) retainGrad(node);
  backward(e, { retainGraph: true });

  const facts = graph.trace(e, nodes).flatMap(({ id, name, value, gradient, inputs }): NodeFacts[] =>
    name === null ? [] : [{ id, name, formula: formulas[name] ?? name, value: value ?? NaN, gradient: gradient ?? NaN, inputs }],
  );
  const figure = graphDiagram({
    title: "e = (a + b)(b + 1)",
    nodes: facts.map(({ id, name, formula, value, gradient }) => ({ id, lines: [formula, `${valueWord} ${value}`, `∂e/∂${name} = ${gradient}`] })),
    edges: facts.flatMap(({ id, inputs }) => inputs.map((from) => ({ from, to: id }))),
  });
  return { facts, figure };
}

/** Chapter 1: backpropagation, node by node. Each path applies the chain rule; where paths meet, gradients add up. */
export const backpropagation = /* @__PURE__ */ defineCalculation({
  name: "backpropagation",
  title: "Backpropagation through e = (a + b)(b + 1)",
  chapter: 1,
  calculate: () => {
    const { facts, figure } = backpropagationThrough(2, 3);
    return {
      text: facts.map(({ name, formula, value, gradient }) => `${formula.padEnd(10)} value ${String(value).padEnd(3)} ∂e/∂${name} = ${gradient}`),
      numbers: Object.fromEntries(facts.flatMap(({ name, value, gradient }) => [[name, value], [`d${name.toUpperCase()}`, gradient]])),
      figures: { graph: figure },
    };
  },
});
