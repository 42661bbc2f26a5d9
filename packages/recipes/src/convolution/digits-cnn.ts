import { AdamW, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, type TensorModule } from "@dl/nn";
import { splitGenerator, type Generator } from "@dl/tensor";
import { classifierTrainer, judge, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { classifierPictures } from "../pictures/classifier-pictures.js";

/** Looks at 3×3 pixels. Batch normalisation has an offset of its own. */
const convolution = (from: number, to: number, generator: Generator): TensorModule[] => [
  new Conv2d(from, to, 3, { padding: "same", bias: false, generator }),
  new BatchNorm2d(to),
  new ReLU(),
];

/** Other maps at half the size. Two convolutions see 5×5 pixels with fewer weights than one, and a bend between. (Simonyan & Zisserman, 2015) */
const block = (from: number, to: number, generator: Generator): TensorModule[] => [
  ...convolution(from, to, generator),
  ...convolution(to, to, generator),
  new MaxPool2d(2),
];

/** Part of the training over which the learning rate rises: batch normalisation's first averages are of few samples. */
const warmUp = 0.2;

/**
 * Chapter 6: kernels that look at 3×3 pixels and are the same everywhere, pools that forget where exactly. Far fewer weights than an
 * affine layer, and better: neighbouring pixels belong together. (LeCun et al., 1998)
 */
export const digitsCnn = /* @__PURE__ */ defineRecipe({
  name: "digits-cnn",
  title: "Convolutional network on handwritten digits",
  chapter: 6,
  datasets: ["digits", "mnist"],
  inputShape: [1, 28, 28],
  options: {
    ...trainingOptions({ batchSize: 64, lr: 4e-3 }),
    epochs: { kind: "integer", default: 3, min: 1, max: 1000, description: "passes over the training samples" },
    channels: { kind: "integer", default: 16, min: 1, max: 512, description: "maps of the first block; the second has twice as many" },
    dropout: { kind: "number", default: 0.2, min: 0, max: 0.95, description: "part of the features left out of a step" },
  },
  next: [
    { why: "70,000 real digits, 99 % in one pass", recipe: "digits-cnn", data: "mnist", options: { epochs: 1 } },
    { why: "a quarter of the maps", recipe: "digits-cnn", options: { channels: 4 } },
    { why: "without convolutions", recipe: "digits-mlp" },
  ],
  model: ({ channels, dropout }, generator) =>
    new Sequential(
      ...block(1, channels, generator),
      ...block(channels, 2 * channels, generator),
      new Flatten(),
      new Dropout(dropout, { generator: splitGenerator(generator, "dropout") }),
      new Linear(2 * channels * 7 * 7, 10, { generator }),
    ),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps, warmUp)]);
  },
  evaluate: judge(10),
  draw: classifierPictures,
});
