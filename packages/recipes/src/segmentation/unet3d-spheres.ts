import { AdamW } from "@dl/nn";
import { UNet } from "@dl/vision";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { maskPictures } from "../pictures/mask-pictures.js";
import { evaluateSegmenter, segmenterTrainer } from "./segmenter.js";

/** Chapter 7: spheres in volumes whose grain hides them in any one plane; with three dims, neighbours above and below say what it is. (Çiçek et al., 2016) */
export const unet3dSpheres = /* @__PURE__ */ defineRecipe({
  name: "unet3d-spheres",
  title: "U-Net in three dims on spheres in grainy volumes",
  chapter: 7,
  task: "segmentation",
  datasets: ["spheres"],
  inputShape: [1, 24, 24, 24],
  options: {
    ...trainingOptions({ batchSize: 2, lr: 5e-3 }),
    epochs: { kind: "integer", default: 6, min: 1, max: 1000, description: "passes over the volumes" },
    base: { kind: "integer", default: 6, min: 1, max: 256, description: "channels at full size" },
    depth: { kind: "integer", default: 2, min: 1, max: 4, description: "how often the size is halved" },
  },
  next: [{ why: "in two dims, four classes", recipe: "shapes-segmentation" }],
  model: ({ base, depth }, generator) => new UNet(1, 2, { dims: 3, base, depth, norm: "batch", upsampling: "trilinear", generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr });
    return segmenterTrainer(model, optimizer, { callbacks: [cosineDecay(optimizer, lr, steps, 0.1)] });
  },
  evaluate: (model, test, options) => evaluateSegmenter(model, test, 2, options),
  draw: (model, test) => maskPictures(model, test),
});
