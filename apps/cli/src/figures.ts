import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { encodePng } from "@dl/data";
import { writeWhole } from "@dl/nn";
import type { Pictures } from "@dl/recipes";

/** Writes a file into a folder, which is made if need be; the file is whole or not there. Returns its path. */
export async function writeInto(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeWhole(file, content);
  return file;
}

/** Writes SVG texts by name. Returns the paths. */
export const writeFigures = (folder: string, figures: Readonly<Record<string, string>>): Promise<string[]> =>
  Promise.all(Object.entries(figures).map(([name, svg]) => writeInto(folder, `${name}.svg`, svg)));

/** Writes pictures by name, as PNG. Returns the paths. */
export const writePictures = (folder: string, pictures: Pictures): Promise<string[]> =>
  Promise.all(Object.entries(pictures).map(([name, picture]) => writeInto(folder, `${name}.png`, encodePng(picture))));
