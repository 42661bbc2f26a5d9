import { backward } from "@dl/autograd";
import { chart } from "@dl/figures";
import { Adam, Linear, Sequential, Tanh, bceWithLogits, simplify } from "@dl/nn";
import type { TensorModule } from "@dl/nn";
import { Generator, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { defineCalculation } from "../define-calculation.js";

/** Exclusive or: no straight line separates the two answers. */
const inputs = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const answers = tensor([[0], [1], [1], [0]]);

/** The share of right answers after training. */
function accuracyOf(model: TensorModule): number {
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  for (let step = 0; step < 400; step++) {
    const loss = bceWithLogits(model.forward(inputs), answers);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
  }
  return model.forward(inputs).gt(0).to("float32").eq(answers).to("float32").mean().item();
}

/** Chapter 2: without a non-linearity between them, two affine layers are one, and one cannot learn exclusive or. */
export const activations = /* @__PURE__ */ defineCalculation({
  name: "activations",
  title: "Why networks need activation functions: exclusive or",
  chapter: 2,
  calculate: (seed) => {
    const generator = new Generator(seed);
    const layers = (): [Linear, Linear] => [new Linear(2, 8, { generator }), new Linear(8, 1, { generator })];
    const [first, last] = layers();

    // W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂): one affine layer
    const linear = new Sequential(first, last);
    const linearAccuracy = accuracyOf(linear);
    const folded = simplify(linear);

    // W₂ tanh(W₁x + b₁) + b₂ bends the border.
    const [before, after] = layers();
    const bentAccuracy = accuracyOf(new Sequential(before, new Tanh(), after));

    const x = tensor(Array.from({ length: 101 }, (_, i) => -5 + i / 10));
    const curve = (name: string, f: (x: Tensor) => Tensor) => ({ name, points: Array.from(x.dataSync(), (value, i) => [value, f(x).dataSync()[i]] as const) });
    return {
      text: [
        `two affine layers: ${100 * linearAccuracy} % of exclusive or; folded they are ${folded.parameters().length / 2} layer`,
        `with tanh between them: ${100 * bentAccuracy} %`,
      ],
      numbers: { linearAccuracy, bentAccuracy, foldedParameters: folded.parameters().reduce((sum, { size }) => sum + size, 0) },
      figures: {
        activations: chart({ title: "Activation functions", x: { label: "x" }, y: { label: "f(x)", domain: [-1.2, 2] }, series: [curve("sigmoid", (z) => z.sigmoid()), curve("tanh", (z) => z.tanh()), curve("ReLU", (z) => z.relu())] }),
      },
    };
  },
});
