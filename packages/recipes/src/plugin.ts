import { definePlugin } from "@dl/registry";
import { activations } from "./linear-classifiers/activations.js";
import { backpropagation } from "./optimization/backpropagation.js";
import { confusionMatrices } from "./measuring/confusion-matrices.js";
import { thresholds } from "./measuring/thresholds.js";
import { heldOutData } from "./multilayer/held-out-data.js";
import { descent } from "./optimization/descent.js";
import { gradient } from "./optimization/gradient.js";
import { losses } from "./optimization/losses.js";
import { edges } from "./convolution/edges.js";
import { smoothing } from "./convolution/smoothing.js";
import { gradCam } from "./understanding/grad-cam.js";
import { cifarResNet } from "./convolution/cifar-resnet.js";
import { digitsCnn } from "./convolution/digits-cnn.js";
import { fashionCnn } from "./convolution/fashion-cnn.js";
import { isbiUNet } from "./segmentation/isbi-unet.js";
import { shapesSegmentation } from "./segmentation/shapes-segmentation.js";
import { segmenters } from "./segmentation/segmenters.js";
import { compression } from "./generalization/compression.js";
import { learningCurveOfDigits } from "./generalization/learning-curve.js";
import { overfittingAblation } from "./generalization/overfitting-ablation.js";
import { finetune } from "./fine-tuning/finetune.js";
import { unet3dSpheres } from "./segmentation/unet3d-spheres.js";
import { charRnn } from "./language/char-rnn.js";
import { markov } from "./language/markov.js";
import { names } from "./language/names.js";
import { shakespeareGpt } from "./language/shakespeare-gpt.js";
import { skipgram } from "./language/skipgram.js";
import { vanishingGradients } from "./language/vanishing.js";
import { agNewsCharCnn } from "./text-classification/agnews-charcnn.js";
import { sentiment } from "./text-classification/sentiment.js";
import { trecCnn } from "./text-classification/trec-cnn.js";
import { translateEnFr } from "./translation/translate-enfr.js";
import { translateToy } from "./translation/translate-toy.js";
import { addingProblem, LastState } from "./language/adding-problem.js";
import { personality } from "./text-classification/personality.js";
import { captionShapes } from "./captioning/caption-shapes.js";
import { digitsMlp } from "./multilayer/digits-mlp.js";
import { irisLine } from "./linear-classifiers/iris-line.js";
import { iris } from "./linear-classifiers/iris.js";
import { LinearClassifier } from "./linear-classifiers/linear-classifier.js";
import { softmaxRegression } from "./linear-classifiers/softmax-regression.js";

/** Every recipe by name, and the layers they bring along. */
export const recipes = /* @__PURE__ */ definePlugin({
  name: "@dl/recipes",
  contract: 1,
  recipes: {
    gradient, backpropagation, losses, descent,
    "iris-line": irisLine, iris, activations, "softmax-regression": softmaxRegression,
    "confusion-matrices": confusionMatrices, thresholds,
    "held-out-data": heldOutData, "digits-mlp": digitsMlp,
    edges, smoothing, "digits-cnn": digitsCnn,
    "fashion-cnn": fashionCnn, "cifar-resnet": cifarResNet, "grad-cam": gradCam,
    "isbi-unet": isbiUNet, "shapes-segmentation": shapesSegmentation, "unet3d-spheres": unet3dSpheres, segmenters,
    "overfitting-ablation": overfittingAblation, "learning-curve": learningCurveOfDigits, compression, finetune,
    "adding-problem": addingProblem, personality, "sentiment-mr": sentiment, "trec-cnn": trecCnn, "agnews-charcnn": agNewsCharCnn,
    markov, "vanishing-gradients": vanishingGradients, skipgram, "char-rnn": charRnn, names, "shakespeare-gpt": shakespeareGpt,
    "caption-shapes": captionShapes, "translate-toy": translateToy, "translate-enfr": translateEnFr,
  },
  layers: { LastState, LinearClassifier },
});
