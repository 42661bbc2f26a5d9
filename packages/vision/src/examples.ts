import type { LayerExample } from "@dl/nn";
import { modelExamples } from "./models/examples.js";
import { segmentationExamples } from "./segmentation/examples.js";
import { transformExamples } from "./transforms/examples.js";

/** Examples of every layer of this package, for the suites of `@dl/testing`. */
export const visionExamples = (): LayerExample[] => [...modelExamples(), ...segmentationExamples(), ...transformExamples()];
