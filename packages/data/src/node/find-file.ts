import { join } from "node:path";
import { sizeIfPresent } from "./files.js";

/** The file of a data set: `path` below `dir`, or packed beside it as `<path>.gz`; `undefined` if neither is there. */
export async function findFile(dir: string, path: string): Promise<string | undefined> {
  const candidates = path.endsWith(".gz") ? [path] : [path, `${path}.gz`];
  for (const candidate of candidates) {
    const full = join(dir, candidate);
    if ((await sizeIfPresent(full)) !== undefined) return full;
  }
  return undefined;
}
