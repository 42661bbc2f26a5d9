import { readdir } from "node:fs/promises";
import type { Checkpoint } from "@dl/nn";
import { readRun, type AnyRecipe, type RunRecord, type Tokenizers } from "@dl/recipes";
import { readCheckpoint, withoutZip } from "./checkpoint.js";
import { asUsage, UsageError } from "./errors.js";
import type { RecipeFlags } from "./flags.js";
import { datasetFor, recipeTable } from "./names.js";

export interface TrainFlags {
  readonly data?: string;
  readonly backend?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** A training that was checked and can begin. */
export interface Plan {
  readonly recipe: AnyRecipe;
  readonly run: RunRecord;
  /** Folder of its checkpoint. */
  readonly out: string;
  readonly resume: Checkpoint | undefined;
  /** Those of the checkpoint. */
  readonly tokenizers: Tokenizers | undefined;
}

/** Refuses a word of the command line that contradicts the checkpoint: the rest of a training is like its beginning. */
function mustAgree(name: string, asked: string | number | undefined, saved: string | number): void {
  if (asked === undefined || asked === saved) return;
  throw new UsageError(`the checkpoint was trained with ${name} ${saved}, not ${asked}. Leave it out, or train anew.`);
}

/** Notices before the training what would only come out when its first checkpoint is written. */
async function checkOut(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  if (names.length > 0 && !names.includes("state.json")) {
    throw new UsageError(`"${folder}" holds other files. Give --out a folder of its own: its content is replaced.`);
  }
}

async function planResume(recipe: AnyRecipe, given: RecipeFlags, flags: TrainFlags, folder: string): Promise<Plan> {
  const resume = await readCheckpoint(folder);
  const { run, tokenizers } = readRun(folder, resume, recipeTable);
  mustAgree("the recipe", recipe.name, run.recipe);
  mustAgree("--data", flags.data, run.data);
  mustAgree("--seed", flags.seed, run.seed);
  for (const [name, value] of Object.entries(given)) mustAgree(name, value, run.options[name]);
  return { recipe, run, resume, tokenizers, out: flags.out ?? withoutZip(folder) };
}

/**
 * Turns a command line into a training: options filled in, names checked, the checkpoint to go on from read.
 * @throws UsageError for names and values that cannot be; FormatError for a damaged checkpoint
 */
export async function planTraining(recipe: AnyRecipe, given: RecipeFlags, flags: TrainFlags): Promise<Plan> {
  if (flags.resume !== undefined) return planResume(recipe, given, flags, flags.resume);
  const [standard] = recipe.datasets;
  const { data = standard, seed = 0, out = `runs/${recipe.name}-${data}` } = flags;
  datasetFor(recipe, data);
  await checkOut(out);
  const options = asUsage(() => recipe.resolve(given));
  return { recipe, out, resume: undefined, tokenizers: undefined, run: { recipe: recipe.name, options, data, seed } };
}
