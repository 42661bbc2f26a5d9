import { AdamW, DiceLoss, FocalLoss, type TensorModule } from "@dl/nn";
import type { Generator } from "@dl/tensor";
import { EncoderDecoder, UNet, pixelCrossEntropy } from "@dl/vision";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { maskPictures } from "../pictures/mask-pictures.js";
import { evaluateSegmenter, segmenterTrainer, type PixelLoss } from "./segmenter.js";

/** Ground, circle, square, triangle. */
const classes = 4;
const depth = 3;

/** Three ways from a picture to a class for each of its pixels. */
export const nets: Readonly<Record<"u-net" | "no-skips" | "encoder-decoder", (base: number, generator: Generator) => TensorModule>> = {
  "u-net": (base, generator) => new UNet(1, classes, { base, depth, norm: "batch", upsampling: "bilinear", generator }),
  "no-skips": (base, generator) => new UNet(1, classes, { base, depth, norm: "batch", upsampling: "bilinear", skips: false, generator }),
  "encoder-decoder": (base, generator) => new EncoderDecoder(1, classes, { base, depth, norm: "batch", generator }),
};

/** What is minimised: of each pixel by itself, of each class's overlap, or of what is hard above all. */
const losses: Readonly<Record<"cross-entropy" | "dice" | "focal", PixelLoss>> = {
  "cross-entropy": pixelCrossEntropy,
  dice: (logits, target) => new DiceLoss().forward(logits, target),
  focal: (logits, target) => new FocalLoss().forward(logits, target),
};

/**
 * Chapter 7: which pixel belongs to a circle, a square or a triangle, in noise. The small maps know what it is, the large ones where it ends.
 * (Ronneberger et al., 2015; Badrinarayanan et al., 2017)
 */
export const shapesSegmentation = /* @__PURE__ */ defineRecipe({
  name: "shapes-segmentation",
  title: "Segmentation of circles, squares and triangles",
  chapter: 7,
  task: "segmentation",
  datasets: ["shape-scenes"],
  inputShape: [1, 48, 48],
  options: {
    ...trainingOptions({ batchSize: 4, lr: 4e-3 }),
    epochs: { kind: "integer", default: 16, min: 1, max: 1000, description: "passes over the pictures" },
    base: { kind: "integer", default: 12, min: 1, max: 512, description: "channels at full size" },
    net: { kind: "choice", default: "u-net", choices: ["u-net", "no-skips", "encoder-decoder"], description: "the network" },
    loss: { kind: "choice", default: "cross-entropy", choices: ["cross-entropy", "dice", "focal"], description: "what is minimised" },
  },
  next: [
    { why: "the same net without its skips", recipe: "shapes-segmentation", options: { net: "no-skips" } },
    { why: "everything through one embedding", recipe: "shapes-segmentation", options: { net: "encoder-decoder" } },
    { why: "in three dims", recipe: "unet3d-spheres" },
  ],
  model: ({ base, net }, generator) => nets[net](base, generator),
  trainer: (model, { lr, loss }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr });
    return segmenterTrainer(model, optimizer, { loss: losses[loss], callbacks: [cosineDecay(optimizer, lr, steps, 0.1)] });
  },
  evaluate: (model, test, options) => evaluateSegmenter(model, test, classes, options),
  draw: (model, test) => maskPictures(model, test),
});
