import { SGD } from "@dl/nn";
import { ColorJitter, Compose, RandomCrop, RandomErasing, RandomHorizontalFlip, ResNet, transformed } from "@dl/vision";
import { classifierTrainer, judge, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { classifierPictures } from "../pictures/classifier-pictures.js";

/** What leaves a frog a frog: moved, mirrored, in another light, partly covered. */
const changes = (): Compose =>
  new Compose([
    new RandomCrop(32, { padding: 4, paddingMode: "reflect" }),
    new RandomHorizontalFlip(),
    new ColorJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
    new RandomErasing({ p: 0.25 }),
  ]);

/**
 * Chapter 6: small photographs. A block adds to its input what it found, so that gradients have a way around every layer, and many layers learn as well as few.
 * (He et al., 2016)
 */
export const cifarResNet = /* @__PURE__ */ defineRecipe({
  name: "cifar-resnet",
  title: "Residual network on small photographs",
  chapter: 6,
  datasets: ["cifar10", "cifar10-start"],
  inputShape: [3, 32, 32],
  options: {
    ...trainingOptions({ batchSize: 50, lr: 0.05 }),
    epochs: { kind: "integer", default: 30, min: 1, max: 1000, description: "passes over the training samples" },
    width: { kind: "integer", default: 16, min: 1, max: 512, description: "maps of the first stage; each further one has twice as many" },
    blocks: { kind: "integer", default: 1, min: 1, max: 18, description: "residual blocks in each of the three stages" },
    augmentation: { kind: "choice", default: "on", choices: ["on", "off"], description: "whether pictures are changed anew each time" },
  },
  next: [
    { why: "every picture as it is", recipe: "cifar-resnet", options: { augmentation: "off" } },
    { why: "20 layers, as in the paper", recipe: "cifar-resnet", options: { blocks: 3 } },
  ],
  prepare: (train, { augmentation }, seed) => (augmentation === "off" ? train : transformed(train, changes(), { seed })),
  model: ({ width, blocks }, generator) => new ResNet([blocks, blocks, blocks], 10, { stem: "cifar", width, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new SGD(model.parameters(), { lr, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps, 0.15)]);
  },
  evaluate: judge(10),
  draw: classifierPictures,
});
