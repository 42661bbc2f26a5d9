import { digits } from "../digits/digits.js";
import { digitNames, type GeneratedDataset } from "./entry.js";

/** The entry of `digits`, by itself: `datasets` brings everything else along. */
export const drawnDigits: GeneratedDataset = {
  kind: "generated",
  area: "images",
  title: "Digits: drawn by a random hand, no download",
  classes: digitNames,
  shape: [1, 28, 28],
  samples: { train: 4000, test: 1000 },
  licence: "Generated",
  reference: "This package",
  generate: digits,
};
