import { definePlugin } from "@dl/registry";
import { digitsCnn } from "./digits-cnn.js";
import { digitsMlp } from "./digits-mlp.js";
import { LinearClassifier } from "./linear-classifier.js";
import { softmaxRegression } from "./softmax-regression.js";

/** Every recipe by name, and the layers they bring along. */
export const recipes = /* @__PURE__ */ definePlugin({
  name: "@dl/recipes",
  contract: 1,
  recipes: { "digits-cnn": digitsCnn, "digits-mlp": digitsMlp, "softmax-regression": softmaxRegression },
  layers: { LinearClassifier },
});
