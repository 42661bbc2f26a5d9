import { join } from "node:path";
import type { Calculation } from "@dl/recipes";
import { loadWithLine } from "../data.js";
import { writeFigures } from "../figures.js";
import { print, printJson, type Io } from "../io.js";
import { anyDataset } from "../names.js";

export interface RunFlags {
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Computes what a recipe computes, prints what it found out, and keeps its pictures. */
export async function run(recipe: Calculation, { seed = 0, out = join("runs", recipe.name), json = false }: RunFlags, io: Io): Promise<void> {
  const data = recipe.dataset === undefined ? {} : { data: await loadWithLine(anyDataset(recipe.dataset), io, json) };
  const { text, numbers, figures } = await recipe.calculate({ seed, ...data });
  const files = await writeFigures(out, figures);
  if (json) printJson(io, { recipe: recipe.name, seed, numbers, figures: files });
  else print(io.stdout, [recipe.title, "", ...text, ...files.map((file) => `\npicture  ${file}`)].join("\n"));
}
