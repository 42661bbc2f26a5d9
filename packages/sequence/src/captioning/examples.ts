import { Conv2d, Flatten, Linear, Sequential, type LayerExample } from "@dl/nn";
import { Captioner } from "./captioner.js";

/** Examples of captioners, for the suites of `@dl/testing`: small, with options that are not the defaults. */
export const captioningExamples = (): LayerExample[] => {
  const image = [[[0.5, -1, 0.2, 1], [1, 0.3, -0.4, 0.1]], [[0.1, 0.7, -0.2, 0.4], [-0.3, 1.2, 0.6, -0.5]]].map((rows) => [rows]);
  const pair = { inputs: [image, [[1, 4, 2], [1, 3, 0]]], dtypes: ["float32", "int32"], outputShape: [2, 3, 5] } as const;
  return [
    { layer: () => new Captioner(new Conv2d(1, 3, 2, { stride: [1, 2] }), 3, 5, { dim: 4, heads: 2, layers: 1, dropout: 0.2 }), ...pair },
    { layer: () => new Captioner(new Conv2d(1, 3, 2, { stride: [1, 2] }), 3, 5, { dim: 4, decoder: "rnn", dropout: 0.2 }), ...pair },
    { layer: () => new Captioner(new Sequential(new Linear(4, 3), new Flatten({ startDim: 1, endDim: 2 })), 3, 5, { dim: 4, heads: 1, layers: 1 }), ...pair },
  ];
};
