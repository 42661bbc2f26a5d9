import { Adam, Flatten, Layer, Linear, Sequential } from "@dl/nn";
import { classifierTrainer, defineRecipe, evaluateClassifier } from "@dl/recipes";
import { definePlugin } from "@dl/registry";
import { elementwise, example } from "@dl/tensor";
import type { Example, Tensor } from "@dl/tensor";

/** x + sin² x: an activation for what repeats itself. (Liu Ziyin and others, 2020, arXiv:2006.08195) */
export const snake = elementwise("snake", (x) => x.add(x.sin().square()));

export const examples = (): Example[] => [
  example(snake, { inputs: [[0, 1, -1]], expect: [0, 1 + Math.sin(1) ** 2, -1 + Math.sin(1) ** 2] }),
  example(snake, { shapes: [[2, 3]] }),
];

/** `snake` as a layer. Shapes: [..] → same. */
export class Snake extends Layer {
  static readonly type = "acme/Snake";

  constructor() {
    super([]);
  }

  forward(x: Tensor): Tensor {
    return snake(x);
  }
}

/** A network of the new layer, on the digits of @dl/data. */
export const digitsSnake = /* @__PURE__ */ defineRecipe({
  name: "digits-snake",
  title: "Snake activations on handwritten digits",
  chapter: 2,
  datasets: ["digits", "mnist"],
  inputShape: [1, 28, 28],
  options: {
    epochs: { kind: "integer", default: 10, min: 1, max: 1000, description: "passes over the training samples" },
    batchSize: { kind: "integer", default: 64, min: 1, max: 100_000, description: "samples per step" },
    lr: { kind: "number", default: 1e-3, min: 0, max: 100, description: "learning rate" },
    hidden: { kind: "integer", default: 128, min: 1, max: 8192, description: "units of the hidden layer" },
  },
  next: [{ why: "the same with straight pieces", recipe: "digits-mlp" }],
  model: ({ hidden }, generator) => new Sequential(new Flatten(), new Linear(784, hidden, { generator }), new Snake(), new Linear(hidden, 10, { generator })),
  trainer: (model, { lr }) => classifierTrainer(model, new Adam(model.parameters(), { lr })),
  evaluate: (model, test, options) => evaluateClassifier(model, test, 10, options),
});

export const acme = definePlugin({ name: "acme-snake", contract: 1, ops: { snake }, layers: { Snake }, recipes: { "digits-snake": digitsSnake } });
