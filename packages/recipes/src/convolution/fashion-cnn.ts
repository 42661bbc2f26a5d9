import { AdamW, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, type TensorModule } from "@dl/nn";
import { splitGenerator, type Generator } from "@dl/tensor";
import { Compose, RandomAffine, RandomHorizontalFlip, transformed } from "@dl/vision";
import { classifierTrainer, judge, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { classifierPictures } from "../pictures/classifier-pictures.js";

/** Two looks at 3×3 pixels, then half the size. */
const block = (from: number, to: number, generator: Generator): TensorModule[] => [
  new Conv2d(from, to, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(to), new ReLU(),
  new Conv2d(to, to, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(to), new ReLU(),
  new MaxPool2d(2),
];

/**
 * Chapter 6: clothes in 28×28 greys. With two thousand pictures a network learns them by heart, so each is shown a little moved, larger or smaller, or mirrored:
 * a mirrored shoe is still a shoe.
 */
export const fashionCnn = /* @__PURE__ */ defineRecipe({
  name: "fashion-cnn",
  title: "Convolutional network on pictures of clothes",
  chapter: 6,
  datasets: ["fashion-mnist", "fashion-mnist-start"],
  inputShape: [1, 28, 28],
  options: {
    ...trainingOptions({ batchSize: 50, lr: 4e-3 }),
    epochs: { kind: "integer", default: 20, min: 1, max: 1000, description: "passes over the training samples" },
    channels: { kind: "integer", default: 16, min: 1, max: 512, description: "maps of the first block; the second has twice as many" },
    dropout: { kind: "number", default: 0.3, min: 0, max: 0.95, description: "part of the features left out of a step" },
    augmentation: { kind: "choice", default: "on", choices: ["on", "off"], description: "whether pictures are changed anew each time" },
  },
  next: [
    { why: "every picture as it is", recipe: "fashion-cnn", options: { augmentation: "off" } },
    { why: "photographs", recipe: "cifar-resnet" },
  ],
  prepare: (train, { augmentation }, seed) =>
    augmentation === "off" ? train : transformed(train, new Compose([new RandomAffine(5, { translate: [0.07, 0.07], scale: [0.92, 1.08] }), new RandomHorizontalFlip()]), { seed }),
  model: ({ channels, dropout }, generator) =>
    new Sequential(
      ...block(1, channels, generator),
      ...block(channels, 2 * channels, generator),
      new Flatten(),
      new Dropout(dropout, { generator: splitGenerator(generator, "dropout") }),
      new Linear(2 * channels * 7 * 7, 10, { generator }),
    ),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr, weightDecay: 0.05 });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps, 0.1)]);
  },
  evaluate: judge(10),
  draw: classifierPictures,
});
