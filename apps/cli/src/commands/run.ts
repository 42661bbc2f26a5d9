import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@dl/nn";
import type { Calculation, Findings } from "@dl/recipes";
import { print, printJson, type Io } from "../io.js";

export interface RunFlags {
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Writes the pictures, each at once or not at all. Returns their paths. */
async function writeFigures(folder: string, figures: Findings["figures"]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    Object.entries(figures).map(async ([name, svg]) => {
      const file = join(folder, `${name}.svg`);
      await writeWhole(file, svg);
      return file;
    }),
  );
}

/** Computes what a recipe computes, prints what it found out, and keeps its pictures. */
export async function run(recipe: Calculation, { seed = 0, out = join("runs", recipe.name), json = false }: RunFlags, io: Io): Promise<void> {
  const { text, numbers, figures } = await recipe.calculate({ seed });
  const files = Object.keys(figures).length === 0 ? [] : await writeFigures(out, figures);
  if (json) printJson(io, { recipe: recipe.name, seed, numbers, figures: files });
  else print(io.stdout, [recipe.title, "", ...text, ...files.map((file) => `\npicture  ${file}`)].join("\n"));
}
