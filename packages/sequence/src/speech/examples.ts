import type { LayerExample } from "@dl/nn";
import { MelSpectrogram } from "./mel-spectrogram.js";

/** Examples of what is about sound, for the suites of `@dl/testing`. */
export const speechExamples = (): LayerExample[] => [
  { layer: () => new MelSpectrogram(16, { nFft: 8, hopLength: 2, nMels: 3, power: 2, melScale: "htk", norm: "none", floor: 0 }), shapes: [[2, 9]], outputShape: [2, 5, 3] },
];
