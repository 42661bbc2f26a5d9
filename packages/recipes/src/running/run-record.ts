import type { Checkpoint } from "@dl/nn";
import { FormatError } from "@dl/registry";
import { tokenizerFromJson } from "@dl/sequence";
import type { AnyRecipe } from "../define-recipe.js";
import type { OptionSchema, OptionsOf } from "../options.js";
import type { Tokenizers } from "../samples.js";

/** What a checkpoint remembers of the training that made it. */
export interface RunRecord {
  readonly recipe: string;
  readonly options: OptionsOf<OptionSchema>;
  readonly data: string;
  readonly seed: number;
}

/** The asset of a checkpoint that holds it. */
export const RUN_FILE = "run.json";

/** What the asset of a tokenizer is called, behind the tokenizer's name. */
const TOKENIZER = ".tokenizer.json";

/** The record, and the tokenizers of the training's samples, as assets of a checkpoint. */
export const runAssets = (run: RunRecord, tokenizers: Tokenizers = {}): Readonly<Record<string, string>> => ({
  [RUN_FILE]: JSON.stringify(run),
  ...Object.fromEntries(Object.entries(tokenizers).flatMap(([name, tokenizer]) => (tokenizer === undefined ? [] : [[`${name}${TOKENIZER}`, JSON.stringify(tokenizer)]]))),
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws FormatError for one that is damaged */
function readTokenizers(assets: ReadonlyMap<string, Uint8Array>): Tokenizers {
  const files = [...assets].filter(([name]) => name.endsWith(TOKENIZER));
  return Object.fromEntries(files.map(([name, bytes]) => [name.slice(0, -TOKENIZER.length), tokenizerFromJson(parse(new TextDecoder().decode(bytes)))]));
}

export interface SavedRun<R> {
  readonly run: RunRecord;
  readonly recipe: R;
  readonly tokenizers: Tokenizers;
}

/**
 * The record in a checkpoint, its tokenizers, and its recipe among those that there are.
 * @param where names the checkpoint in errors
 * @throws FormatError when it has no record, or is of a recipe that is not there
 */
export function readRun<R extends AnyRecipe>(where: string, { assets }: Pick<Checkpoint, "assets">, recipes: Readonly<Record<string, R>>): SavedRun<R> {
  const bytes = assets.get(RUN_FILE);
  const json = bytes === undefined ? undefined : parse(new TextDecoder().decode(bytes));
  if (!isObject(json) || typeof json.recipe !== "string" || typeof json.data !== "string" || typeof json.seed !== "number" || !isObject(json.options)) {
    throw new FormatError(where, `the checkpoint has no ${RUN_FILE} that names its recipe`, "Use one that a recipe's training wrote", { where });
  }
  if (!Object.hasOwn(recipes, json.recipe)) {
    throw new FormatError(where, `the checkpoint is of the recipe "${json.recipe}", which is not here`, `Known: ${Object.keys(recipes).join(", ")}`, { where });
  }
  const recipe = recipes[json.recipe];
  return { recipe, run: { recipe: recipe.name, options: recipe.resolve(json.options), data: json.data, seed: json.seed }, tokenizers: readTokenizers(assets) };
}
