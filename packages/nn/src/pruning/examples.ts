import { Linear } from "../layers/linear.js";
import type { LayerExample } from "../module/layer-example.js";
import { Pruned } from "./pruned.js";

export const pruningExamples = (): LayerExample[] => [{ layer: () => new Pruned(new Linear(3, 4)), shapes: [[2, 3]], outputShape: [2, 4] }];
