import { backward, graph, retainGrad } from "@dl/autograd";
import { graphDiagram } from "@dl/figures";
import { tensor } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

/** Chapter 1: backpropagation, node by node. Each path applies the chain rule; where paths meet, gradients add up. */
export const backpropagation = /* @__PURE__ */ defineCalculation({
  name: "backpropagation",
  title: "Backpropagation through e = (a + b)(b + 1)",
  chapter: 1,
  calculate: () => {
    const [a, b] = [tensor(2, { requiresGrad: true }), tensor(3, { requiresGrad: true })];

    // Forward: c = a + b, d = b + 1, e = c·d
    const c = a.add(b);
    const d = b.add(1);
    const e = c.mul(d);

    // Backward: ∂e/∂c = d, ∂e/∂d = c, ∂e/∂a = ∂e/∂c · 1, ∂e/∂b = ∂e/∂c · 1 + ∂e/∂d · 1
    const nodes = { a, b, c, d, e };
    for (const node of [c, d, e]) retainGrad(node);
    backward(e, { retainGraph: true });

    const traced = graph.trace(e, nodes);
    const formulas: Readonly<Record<string, string>> = { c: "c = a + b", d: "d = b + 1", e: "e = c · d" };
    const facts = traced.filter(({ name }) => name !== null).map(({ id, name, value, gradient, inputs }) => ({ id, name: name ?? "", value, gradient, inputs }));
    const figure = graphDiagram({
      title: "e = (a + b)(b + 1)",
      nodes: facts.map(({ id, name, value, gradient }) => ({ id, lines: [formulas[name] ?? name, `value ${value}`, `∂e/∂${name} = ${gradient}`] })),
      edges: facts.flatMap(({ id, inputs }) => inputs.map((from) => ({ from, to: id }))),
    });
    return {
      text: facts.map(({ name, value, gradient }) => `${(formulas[name] ?? name).padEnd(10)} value ${String(value).padEnd(3)} ∂e/∂${name} = ${gradient}`),
      numbers: Object.fromEntries(facts.flatMap(({ name, value, gradient }) => [[name, value ?? NaN], [`d${name.toUpperCase()}`, gradient ?? NaN]])),
      figures: { graph: figure },
    };
  },
});
