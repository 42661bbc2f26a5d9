import { summary } from "@dl/nn";
import type { Recipe } from "../define-recipe.js";
import type { RunRecord } from "./run-record.js";

/** A backward pass costs two forward ones. */
const passesOfTraining = 3;

/** Floating-point operations of one batch through a recipe's model: forward, or a whole step of training. */
export function flopsPerBatch(recipe: Recipe, { options }: Pick<RunRecord, "options">, use: "training" | "evaluation"): number {
  const { flops } = summary(recipe.model(options), [1, ...recipe.inputShape]);
  return flops * Number(options.batchSize) * (use === "training" ? passesOfTraining : 1);
}
