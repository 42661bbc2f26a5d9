import { Adam, Dropout, Flatten, GELU, Identity, Linear, ReLU, Sequential, Sigmoid, Tanh, type TensorModule } from "@dl/nn";
import { splitGenerator } from "@dl/tensor";
import { classifierTrainer, judge, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { classifierPictures } from "../pictures/classifier-pictures.js";

const activations: Readonly<Record<"relu" | "gelu" | "tanh" | "sigmoid" | "none", () => TensorModule>> = {
  relu: () => new ReLU(),
  gelu: () => new GELU(),
  tanh: () => new Tanh(),
  sigmoid: () => new Sigmoid(),
  none: () => new Identity(),
};

/**
 * Chapter 4: affine layers with a non-linearity between them. Hidden units bend the borders that softmax regression can only draw
 * straight; dropout keeps them from learning the training samples by heart.
 */
export const digitsMlp = /* @__PURE__ */ defineRecipe({
  name: "digits-mlp",
  title: "Multilayer perceptron on handwritten digits",
  chapter: 4,
  datasets: ["digits", "mnist"],
  inputShape: [1, 28, 28],
  options: {
    ...trainingOptions({ batchSize: 64, lr: 2e-3 }),
    hidden: { kind: "integer", default: 256, min: 1, max: 8192, description: "units of the hidden layer" },
    activation: { kind: "choice", default: "relu", choices: ["relu", "gelu", "tanh", "sigmoid", "none"], description: "what bends the borders" },
    dropout: { kind: "number", default: 0.2, min: 0, max: 0.95, description: "part of the hidden units left out of a step" },
  },
  next: [
    { why: "the 70,000 real digits of MNIST", recipe: "digits-mlp", data: "mnist" },
    { why: "two affine layers are one", recipe: "digits-mlp", options: { activation: "none" } },
    { why: "fewer hidden units", recipe: "digits-mlp", options: { hidden: 16 } },
  ],
  model: ({ hidden, activation, dropout }, generator) =>
    new Sequential(
      new Flatten(),
      new Linear(784, hidden, { generator }),
      activations[activation](),
      new Dropout(dropout, { generator: splitGenerator(generator, "dropout") }),
      new Linear(hidden, 10, { generator }),
    ),
  trainer: (model, { lr }, steps) => {
    const optimizer = new Adam(model.parameters(), { lr });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps)]);
  },
  evaluate: judge(10),
  draw: classifierPictures,
});
