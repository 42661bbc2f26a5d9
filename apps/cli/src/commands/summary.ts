import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { summary, type Module } from "@dl/nn";
import { readRun, RUN_FILE, type Recipe } from "@dl/recipes";
import { FormatError } from "@dl/registry";
import { asUsage, UsageError } from "../errors.js";
import type { RecipeFlags } from "../flags.js";
import { print, printJson, type Io } from "../io.js";
import { recipeTable } from "../names.js";
import { registry } from "../registry.js";

export interface SummaryFlags {
  readonly json?: boolean;
  readonly input?: string;
}

function show(name: string, model: Module, inputShape: readonly number[], { json = false }: SummaryFlags, io: Io): void {
  const result = summary(model, inputShape);
  if (json) printJson(io, { name, inputShape, ...result });
  else print(io.stdout, `${name}, input [${inputShape.join(", ")}]\n\n${result.toString()}`);
}

/** Layers, shapes, parameters and FLOPs of a recipe's model, for one sample. */
export function summarizeRecipe(recipe: Recipe, given: RecipeFlags, flags: SummaryFlags, io: Io): void {
  const options = asUsage(() => recipe.resolve(given));
  show(recipe.name, recipe.model(options), [1, ...recipe.inputShape], flags, io);
}

/** `1,1,28,28` or `1x1x28x28` as a shape. */
function parseShape(text: string): number[] {
  const shape = text.split(/[,x]/).map((size) => (size.trim() === "" ? NaN : Number(size)));
  if (shape.every((size) => Number.isSafeInteger(size) && size > 0)) return shape;
  throw new UsageError(`--input is "${text}". Give sizes, such as 1,1,28,28.`);
}

function parseModel(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const error = new FormatError(file, `it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`, "Give the model.json of a checkpoint", { file });
    error.cause = cause;
    throw error;
  }
}

/** The input that the recipe of a checkpoint gives to its model. */
async function inputBeside(file: string): Promise<readonly number[]> {
  const folder = dirname(file);
  const record = await readFile(join(folder, "assets", RUN_FILE)).catch(() => undefined);
  if (record === undefined) throw new UsageError("a model.json alone does not say its input. Add it, such as --input 1,1,28,28.");
  return [1, ...readRun(folder, { assets: new Map([[RUN_FILE, record]]) }, recipeTable).recipe.inputShape];
}

/** The same for a model in a file, as checkpoints hold it. */
export async function summarizeModel(file: string, flags: SummaryFlags, io: Io): Promise<void> {
  const model = registry.build(parseModel(file, await readFile(file, "utf8")));
  show(file, model, flags.input === undefined ? await inputBeside(file) : parseShape(flags.input), flags, io);
}
