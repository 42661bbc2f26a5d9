import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome"];

function isExecutable(file: string): boolean {
  if (!(statSync(file, { throwIfNoEntry: false })?.isFile() ?? false)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function candidates(): string[] {
  const { DL_CHROMIUM, PATH = "" } = process.env;
  if (DL_CHROMIUM !== undefined) return [DL_CHROMIUM];
  return names.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
}

/** The browser of `*.browser.test.ts` and `*.e2e.test.ts`: `DL_CHROMIUM`, or the first Chromium on the PATH; undefined where there is none. */
export const browserExecutable = candidates().find(isExecutable);

/** The line that names the projects when they are not registered. */
export const browserMissing =
  `vitest projects "browser*" and "web" are not registered: ` +
  `${process.env.DL_CHROMIUM === undefined ? `no ${names.join(", ")} on the PATH` : `DL_CHROMIUM is no executable (${process.env.DL_CHROMIUM})`}. ` +
  "Install one (apt-get install chromium), or let DL_CHROMIUM name it.";
