import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { summary, type Module } from "@dl/nn";
import { readRun, RUN_FILE, type AnyRecipe, type Tokenizers } from "@dl/recipes";
import { FormatError } from "@dl/registry";
import type { DType } from "@dl/tensor";
import { loadWithLine } from "../data.js";
import { asUsage, UsageError } from "../errors.js";
import type { RecipeFlags } from "../flags.js";
import { print, printJson, type Io } from "../io.js";
import { datasetFor, recipeTable } from "../names.js";
import { registry } from "../registry.js";

export interface SummaryFlags {
  readonly json?: boolean;
  readonly input?: string;
}

interface Input {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** One sample of what the recipe gives to its model. @throws UsageError where that is not one tensor */
function inputOf({ name, inputShape, inputDtype }: AnyRecipe): Input {
  if (inputShape === undefined) throw new UsageError(`the model of ${name} does not take one tensor. Use summary(model, shapes) of @dl/nn.`);
  return { shape: [1, ...inputShape], dtype: inputDtype ?? "float32" };
}

function show(name: string, model: Module, { shape: inputShape, dtype }: Input, { json = false }: SummaryFlags, io: Io): void {
  const result = summary(model, inputShape, { dtype });
  if (json) printJson(io, { name, inputShape, ...result });
  else print(io.stdout, `${name}, input [${inputShape.join(", ")}]\n\n${result.toString()}`);
}

/** Those of the recipe's first data set, which say how many tokens a model of texts knows. */
async function tokenizersFor(recipe: AnyRecipe, options: RecipeFlags, { json }: SummaryFlags, io: Io): Promise<Tokenizers> {
  if (recipe.task !== "sequence") return {};
  return recipe.samples(await loadWithLine(datasetFor(recipe, recipe.datasets[0]), io, json), { options }).tokenizers;
}

/** Layers, shapes, parameters and FLOPs of a recipe's model, for one sample. */
export async function summarizeRecipe(recipe: AnyRecipe, given: RecipeFlags, flags: SummaryFlags, io: Io): Promise<void> {
  const options = asUsage(() => recipe.resolve(given));
  const input = inputOf(recipe);
  show(recipe.name, recipe.model(options, undefined, await tokenizersFor(recipe, options, flags, io)), input, flags, io);
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
async function inputBeside(file: string): Promise<Input> {
  const folder = dirname(file);
  const record = await readFile(join(folder, "assets", RUN_FILE)).catch(() => undefined);
  if (record === undefined) throw new UsageError("a model.json alone does not say its input. Add it, such as --input 1,1,28,28.");
  return inputOf(readRun(folder, { assets: new Map([[RUN_FILE, record]]) }, recipeTable).recipe);
}

/** The same for a model in a file, as checkpoints hold it. */
export async function summarizeModel(file: string, flags: SummaryFlags, io: Io): Promise<void> {
  const model = registry.build(parseModel(file, await readFile(file, "utf8")));
  show(file, model, flags.input === undefined ? await inputBeside(file) : { shape: parseShape(flags.input), dtype: "float32" }, flags, io);
}
