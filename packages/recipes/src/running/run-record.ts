import type { Checkpoint } from "@dl/nn";
import { FormatError } from "@dl/registry";
import type { Recipe } from "../define-recipe.js";
import type { OptionSchema, OptionsOf } from "../options.js";

/** What a checkpoint remembers of the training that made it. */
export interface RunRecord {
  readonly recipe: string;
  readonly options: OptionsOf<OptionSchema>;
  readonly data: string;
  readonly seed: number;
}

/** The asset of a checkpoint that holds it. */
export const RUN_FILE = "run.json";

/** The record as an asset of a checkpoint. */
export const runAssets = (run: RunRecord): Readonly<Record<string, string>> => ({ [RUN_FILE]: JSON.stringify(run) });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The record in a checkpoint, and its recipe among those that there are.
 * @param where names the checkpoint in errors
 * @throws FormatError when it has no record, or is of a recipe that is not there
 */
export function readRun(where: string, { assets }: Pick<Checkpoint, "assets">, recipes: Readonly<Record<string, Recipe>>): { readonly run: RunRecord; readonly recipe: Recipe } {
  const bytes = assets.get(RUN_FILE);
  const json = bytes === undefined ? undefined : parse(new TextDecoder().decode(bytes));
  if (!isObject(json) || typeof json.recipe !== "string" || typeof json.data !== "string" || typeof json.seed !== "number" || !isObject(json.options)) {
    throw new FormatError(where, `the checkpoint has no ${RUN_FILE} that names its recipe`, "Use one that a recipe's training wrote", { where });
  }
  if (!Object.hasOwn(recipes, json.recipe)) {
    throw new FormatError(where, `the checkpoint is of the recipe "${json.recipe}", which is not here`, `Known: ${Object.keys(recipes).join(", ")}`, { where });
  }
  const recipe = recipes[json.recipe];
  return { recipe, run: { recipe: recipe.name, options: recipe.resolve(json.options), data: json.data, seed: json.seed } };
}
