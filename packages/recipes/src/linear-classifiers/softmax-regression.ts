import { Flatten, Linear, Sequential, SGD } from "@dl/nn";
import { classifierTrainer, judge, trainingOptions } from "../classifier.js";
import { defineRecipe } from "../define-recipe.js";
import { classifierPictures } from "../pictures/classifier-pictures.js";

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
  options: trainingOptions({ batchSize: 100, lr: 0.5 }),
  next: [
    { why: "the 70,000 real digits of MNIST", recipe: "softmax-regression", data: "mnist" },
    { why: "a hidden layer bends the borders", recipe: "digits-mlp" },
  ],
  model: (_, generator) => new Sequential(new Flatten(), new Linear(784, 10, { generator })),
  trainer: (model, { lr }) => classifierTrainer(model, new SGD(model.parameters(), { lr })),
  evaluate: judge(10),
  draw: classifierPictures,
});
