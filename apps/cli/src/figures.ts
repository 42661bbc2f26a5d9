import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@dl/nn";

/** Writes a file into a folder, which is made if need be; the file is whole or not there. Returns its path. */
export async function writeInto(folder: string, name: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeWhole(file, text);
  return file;
}

/** Writes SVG texts by name. Returns the paths. */
export const writeFigures = (folder: string, figures: Readonly<Record<string, string>>): Promise<string[]> =>
  Promise.all(Object.entries(figures).map(([name, svg]) => writeInto(folder, `${name}.svg`, svg)));
