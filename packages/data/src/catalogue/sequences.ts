import type { Splits } from "../digits/digits.js";
import { addingProblem } from "../generators/adding-problem.js";
import { captionedShapes, type CaptionedShapes } from "../generators/captioned-shapes.js";
import { traitTexts, type TraitTexts } from "../generators/trait-texts.js";
import type { GeneratedDataset } from "./entry.js";

const generated = { kind: "generated", area: "sequences", classes: [], licence: "Generated", reference: "This package" } as const;

const adding: GeneratedDataset = {
  ...generated,
  title: "Adding problem: two marked numbers among fifty, no download",
  shape: [50, 2],
  samples: { train: 10_000, test: 1000 },
  reference: "Hochreiter and Schmidhuber, 1997, Long short-term memory, experiment 4",
  generate: ({ seed = 0, train = 10_000, test = 1000 } = {}): Splits => ({ train: addingProblem({ samples: train, seed: 2 * seed }), test: addingProblem({ samples: test, seed: 2 * seed + 1 }) }),
};

const traits: GeneratedDataset<Readonly<Record<"train" | "test", TraitTexts>>> = {
  ...generated,
  title: "Texts with five traits of who wrote them: made up, no download",
  samples: { train: 2000, test: 400 },
  generate: ({ seed = 0, train = 2000, test = 400 } = {}) => ({ train: traitTexts({ samples: train, seed: 2 * seed }), test: traitTexts({ samples: test, seed: 2 * seed + 1 }) }),
};

const captioned: GeneratedDataset<Readonly<Record<"train" | "test", CaptionedShapes>>> = {
  ...generated,
  title: "Pictures of two shapes with captions: drawn, no download",
  shape: [3, 32, 32],
  samples: { train: 3000, test: 300 },
  generate: ({ seed = 0, train = 3000, test = 300 } = {}) => ({
    train: captionedShapes({ samples: train, seed: 2 * seed, split: "train" }),
    test: captionedShapes({ samples: test, seed: 2 * seed + 1, split: "test" }),
  }),
};

/** Sequences that are made up. */
export const sequences = { "adding-problem": adding, "trait-texts": traits, "captioned-shapes": captioned };
