import type { LayerExample } from "@dl/nn";
import {
  CenterCrop, ColorJitter, Compose, ElasticTransform, GaussianBlur, Grayscale, Normalize, Pad, RandomAffine, RandomApply, RandomCrop, RandomErasing,
  RandomGrayscale, RandomHorizontalFlip, RandomPerspective, RandomResizedCrop, RandomRotation, RandomVerticalFlip, Resize,
} from "./layers/index.js";

const colour = [[2, 3, 4, 5]];
const outputShape = [2, 3, 4, 5];

/** Examples of the transforms, for the suites of `@dl/testing`, with options that are not the defaults. Colours are cut to 0..1, where they have kinks. */
export const transformExamples = (): LayerExample[] => [
  { layer: () => new CenterCrop([3, 6]), shapes: colour, outputShape: [2, 3, 3, 6] },
  { layer: () => new ColorJitter({ brightness: 0.3, contrast: [0.5, 1.5], saturation: 0.4, hue: 0.2 }), shapes: colour, outputShape, gradient: false },
  { layer: () => new Compose([new RandomHorizontalFlip({ p: 0.7 }), new Normalize([0.1, 0.2, 0.3], 2)]), shapes: colour, outputShape },
  { layer: () => new ElasticTransform({ alpha: [3, 2], sigma: [1, 1.5], fill: [1, 2, 3] }), shapes: colour, outputShape },
  { layer: () => new GaussianBlur([3, 5], { sigma: [0.5, 0.9] }), shapes: colour, outputShape },
  { layer: () => new Grayscale(3), shapes: colour, outputShape },
  { layer: () => new Normalize([0.1, 0.2, 0.3], [1, 2, 3]), shapes: [[3, 2, 2]], outputShape: [3, 2, 2] },
  { layer: () => new Pad([1, 0, 2, -1], { fill: 0.5 }), shapes: colour, outputShape: [2, 3, 3, 8] },
  {
    layer: () => new RandomAffine([10, 20], { translate: [0.2, 0.1], scale: [0.8, 1.1], shear: [1, 2, 3, 4], interpolation: "bilinear" }),
    shapes: colour, outputShape,
  },
  { layer: () => new RandomApply([new RandomRotation(20), new RandomVerticalFlip()], { p: 0.8 }), shapes: colour, outputShape },
  { layer: () => new RandomCrop([3, 3], { padding: 1, paddingMode: "reflect" }), shapes: colour, outputShape: [2, 3, 3, 3] },
  { layer: () => new RandomErasing({ p: 0.9, scale: [0.1, 0.5], value: [1, 2, 3] }), shapes: colour, outputShape },
  { layer: () => new RandomGrayscale({ p: 0.6 }), shapes: colour, outputShape },
  { layer: () => new RandomHorizontalFlip({ p: 0.6 }), shapes: colour, outputShape },
  { layer: () => new RandomPerspective({ p: 1, distortionScale: 0.6, fill: 0.5 }), shapes: colour, outputShape },
  { layer: () => new RandomResizedCrop([3, 2], { scale: [0.4, 0.8], interpolation: "bicubic" }), shapes: colour, outputShape: [2, 3, 3, 2] },
  { layer: () => new RandomRotation([5, 30], { interpolation: "bilinear", center: [1, 2] }), shapes: colour, outputShape },
  { layer: () => new RandomVerticalFlip({ p: 0.4 }), shapes: colour, outputShape },
  { layer: () => new Resize(3, { maxSize: 4, antialias: false }), shapes: colour, outputShape: [2, 3, 3, 3] },
];
