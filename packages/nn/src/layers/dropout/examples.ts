import type { LayerExample } from "../../module/layer-example.js";
import { AlphaDropout, FeatureAlphaDropout } from "./alpha-dropout.js";
import { Dropout, Dropout1d, Dropout2d, Dropout3d } from "./dropout.js";

export const dropoutExamples = (): LayerExample[] => [
  { layer: () => new Dropout(0.3), shapes: [[4, 5]], outputShape: [4, 5] },
  { layer: () => new Dropout1d(0.3), shapes: [[2, 3, 2]], outputShape: [2, 3, 2] },
  { layer: () => new Dropout2d(0.4), shapes: [[2, 3, 2, 2]], outputShape: [2, 3, 2, 2] },
  { layer: () => new Dropout3d(0.4), shapes: [[3, 2, 1, 2]], outputShape: [3, 2, 1, 2] },
  { layer: () => new AlphaDropout(0.3), shapes: [[4, 5]], outputShape: [4, 5] },
  { layer: () => new FeatureAlphaDropout(0.3), shapes: [[2, 4, 3]], outputShape: [2, 4, 3] },
];
