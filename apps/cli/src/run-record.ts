import type { Checkpoint } from "@dl/nn";
import type { OptionsOf, OptionSchema, Recipe } from "@dl/recipes";
import { FormatError } from "@dl/registry";
import { recipeTable } from "./names.js";

/** What a checkpoint remembers of the command that made it. */
export interface RunRecord {
  readonly recipe: string;
  readonly options: OptionsOf<OptionSchema>;
  readonly data: string;
  readonly seed: number;
}

/** The asset of a checkpoint that holds it. */
export const RUN_FILE = "run.json";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The record in a checkpoint, and its recipe.
 * @throws FormatError when it was not written by `dl train`, or by a recipe that is not there
 */
export function readRun(folder: string, { assets }: Pick<Checkpoint, "assets">): { readonly run: RunRecord; readonly recipe: Recipe } {
  const bytes = assets.get(RUN_FILE);
  const json = bytes === undefined ? undefined : parse(new TextDecoder().decode(bytes));
  if (!isObject(json) || typeof json.recipe !== "string" || typeof json.data !== "string" || typeof json.seed !== "number" || !isObject(json.options)) {
    throw new FormatError(folder, `the checkpoint has no ${RUN_FILE} that names its recipe`, "Use one that dl train wrote", { folder });
  }
  if (!Object.hasOwn(recipeTable, json.recipe)) {
    throw new FormatError(folder, `the checkpoint is of the recipe "${json.recipe}", which is not here`, `Known: ${Object.keys(recipeTable).join(", ")}`, { folder });
  }
  const recipe = recipeTable[json.recipe];
  return { recipe, run: { recipe: recipe.name, options: recipe.resolve(json.options), data: json.data, seed: json.seed } };
}
