import { definePlugin } from "@dl/registry";
import { BasicBlock, InvertedResidual, LeNet5, MobileNetV2, ResNet, VGG } from "./models/index.js";
import {
  CenterCrop, ColorJitter, Compose, ElasticTransform, GaussianBlur, Grayscale, Normalize, Pad,
  RandomAffine, RandomApply, RandomCrop, RandomErasing, RandomGrayscale, RandomHorizontalFlip, RandomPerspective, RandomResizedCrop, RandomRotation, RandomVerticalFlip, Resize,
} from "./transforms/index.js";
import { EncoderDecoder, PatchSegmenter, UNet } from "./segmentation/index.js";

/** Everything of this package that files and menus can name. */
export const vision = /* @__PURE__ */ definePlugin({
  name: "@dl/vision",
  contract: 1,
  layers: {
    BasicBlock, EncoderDecoder, InvertedResidual, LeNet5, MobileNetV2, PatchSegmenter, ResNet, UNet, VGG,
    CenterCrop, ColorJitter, Compose, ElasticTransform, GaussianBlur, Grayscale, Normalize, Pad,
    RandomAffine, RandomApply, RandomCrop, RandomErasing, RandomGrayscale, RandomHorizontalFlip, RandomPerspective, RandomResizedCrop, RandomRotation, RandomVerticalFlip, Resize,
  },
});
