import { summary } from "@dl/nn";
import type { AnyRecipe } from "../define-recipe.js";
import type { Tokenizers } from "../samples.js";
import type { RunRecord } from "./run-record.js";

/** A backward pass costs two forward ones. */
const passesOfTraining = 3;

/** Floating-point operations of one batch through a recipe's model: forward, or a whole step of training. `null` for a model whose input is not one tensor. */
export function flopsPerBatch(recipe: AnyRecipe, { options }: Pick<RunRecord, "options">, use: "training" | "evaluation", tokenizers: Tokenizers = {}): number | null {
  if (recipe.inputShape === undefined) return null;
  const { flops } = summary(recipe.model(options, undefined, tokenizers), [1, ...recipe.inputShape], { dtype: recipe.inputDtype ?? "float32" });
  return flops * Number(options.batchSize) * (use === "training" ? passesOfTraining : 1);
}
