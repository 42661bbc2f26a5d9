export { Accuracy, accuracy, errorRate } from "./accuracy.js";
export { ConfusionMatrix, confusionMatrix } from "./confusion-matrix.js";
export type { ConfusionMatrixOptions, Normalization } from "./confusion-matrix.js";
