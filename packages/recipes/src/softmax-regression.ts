import { Flatten, Linear, Sequential, SGD } from "@dl/nn";
import { classifierTrainer, judge } from "./classifier.js";
import { defineRecipe } from "./define-recipe.js";

/**
 * Chapter 2: z = Wx + b, the class with the largest z wins. A straight border between every two classes, learnt by gradient descent on
 * the cross-entropy of softmax(z).
 */
export const softmaxRegression = /* @__PURE__ */ defineRecipe({
  name: "softmax-regression",
  title: "Softmax regression on handwritten digits",
  chapter: 2,
  datasets: ["digits", "mnist"],
  inputShape: [1, 28, 28],
  options: {
    epochs: { kind: "integer", default: 10, min: 1, max: 1000, description: "passes over the training samples" },
    batchSize: { kind: "integer", default: 100, min: 1, max: 100_000, description: "samples per step" },
    lr: { kind: "number", default: 0.5, min: 0, max: 100, description: "learning rate" },
  },
  next: [
    { why: "the 70,000 real digits of MNIST", recipe: "softmax-regression", data: "mnist" },
    { why: "a hidden layer bends the borders", recipe: "digits-mlp" },
  ],
  model: (_, generator) => new Sequential(new Flatten(), new Linear(784, 10, { generator })),
  trainer: (model, { lr }) => classifierTrainer(model, new SGD(model.parameters(), { lr })),
  evaluate: judge(10),
});
