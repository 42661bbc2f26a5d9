import { AdamW, type TensorModule } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { CenterCrop, Compose, ElasticTransform, RandomApply, RandomCrop, RandomHorizontalFlip, RandomRotation, RandomVerticalFlip, UNet, slidingWindow, transformed } from "@dl/vision";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { maskPictures } from "../pictures/mask-pictures.js";
import { evaluateSegmenter, segmenterTrainer } from "./segmenter.js";

/** Slices are larger than what the network learns on, so it reads them in windows that overlap. */
const inWindows = async (model: TensorModule, images: Tensor): Promise<Tensor> =>
  (await slidingWindow(model, images, { window: 256, overlap: 0.25, blend: "gaussian", batchSize: 1 })).argmax(1);

/**
 * Chapter 7: what belongs to a cell and what is membrane, in electron microscopy. Twenty-four slices are few, so each one is seen as another every time: cut,
 * turned and bent, the mask along with it. Skips bring back where exactly an outline was, which the small maps have forgotten. (Ronneberger et al., 2015)
 */
export const isbiUNet = /* @__PURE__ */ defineRecipe({
  name: "isbi-unet",
  title: "U-Net on slices of a fly's brain",
  chapter: 7,
  task: "segmentation",
  datasets: ["isbi-em"],
  inputShape: [1, 512, 512],
  options: {
    ...trainingOptions({ batchSize: 2, lr: 3e-3 }),
    epochs: { kind: "integer", default: 90, min: 1, max: 10_000, description: "passes over the slices, one cut of each" },
    crop: { kind: "integer", default: 192, min: 32, max: 384, description: "height and width of a cut, in pixels" },
    base: { kind: "integer", default: 12, min: 1, max: 512, description: "channels at full size" },
    depth: { kind: "integer", default: 3, min: 1, max: 6, description: "how often the size is halved" },
  },
  next: [
    { why: "fewer sizes: it sees less of what is around", recipe: "isbi-unet", options: { depth: 1 } },
    { why: "four classes, and nets without skips", recipe: "shapes-segmentation" },
  ],
  prepare: (train, { crop }, seed) => {
    // A third more at first, so that what is turned and bent has no empty corners.
    const wide = Math.min(512, Math.round(crop * 1.34));
    // Turning and bending smooths the grain that real slices have, so not every cut is.
    const bent = new RandomApply([new RandomRotation(20), new ElasticTransform({ alpha: 20, sigma: 6 })], { p: 0.3 });
    const changes = [new RandomCrop(wide), bent, new CenterCrop(crop), new RandomHorizontalFlip(), new RandomVerticalFlip()];
    return transformed(train, new Compose(changes), { target: "mask", seed });
  },
  model: ({ base, depth }, generator) => new UNet(1, 2, { base, depth, norm: "batch", upsampling: "bilinear", generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr });
    return segmenterTrainer(model, optimizer, { callbacks: [cosineDecay(optimizer, lr, steps, 0.1)] });
  },
  evaluate: (model, test, options) => evaluateSegmenter(model, test, 2, options, inWindows),
  draw: (model, test) => maskPictures(model, test, { count: 2, predict: inWindows }),
});
