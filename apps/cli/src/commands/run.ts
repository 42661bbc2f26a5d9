import { join } from "node:path";
import type { Calculation } from "@dl/recipes";
import { loadWithLine } from "../data.js";
import { writeFigures, writePictures } from "../figures.js";
import { print, printJson, type Io } from "../io.js";
import { anyDataset, openBackend } from "../names.js";

export interface RunFlags {
  readonly backend?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Calculations do not say how much they compute: backends are compared by a step of a small network. */
const STEP_FLOPS = 1e8;

/** Computes what a recipe computes, prints what it found out, and keeps its pictures. */
export async function run(recipe: Calculation, { backend: asked, seed = 0, out = join("runs", recipe.name), json = false }: RunFlags, io: Io): Promise<void> {
  const backend = await openBackend(asked, () => STEP_FLOPS);
  const data = recipe.dataset === undefined ? {} : { data: await loadWithLine(anyDataset(recipe.dataset), io, json) };
  const { text, numbers, figures: drawings, pictures: images = {} } = await recipe.calculate({ seed, ...data });
  const [figures, pictures] = await Promise.all([writeFigures(out, drawings), writePictures(out, images)]);
  if (json) printJson(io, { recipe: recipe.name, seed, backend: backend.name, numbers, figures, pictures });
  else print(io.stdout, [recipe.title, "", ...text, ...[...figures, ...pictures].map((file) => `\npicture  ${file}`)].join("\n"));
}
