import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Where the data sets of `*.data.test.ts` are: `DL_DATA_DIR` or `../shared/data`, both seen from the repository root. */
export const dataDirectory = resolve(repository, process.env.DL_DATA_DIR ?? "../shared/data");

/** Whether that folder is there; without it the `data` project is not registered. */
export function hasData(): boolean {
  return statSync(dataDirectory, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The line that names the project when it is not registered. */
export const dataMissing = `vitest project "data" is not registered: no folder ${dataDirectory}. Set DL_DATA_DIR.`;
