import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Misuse } from "./names.js";

/** A file to write, whole. */
export interface Change {
  readonly path: string;
  readonly text: string;
}

/** A path as the person at the prompt sees it. */
export const shown = (path: string): string => relative(process.cwd(), path);

export function apply(changes: readonly Change[]): void {
  for (const { path, text } of changes) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** @throws Misuse when `path` is there already */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new Misuse(`${shown(path)} is there already. Choose another name.`);
}

/** @throws Misuse when some source in `folder` exports `name` */
export function refuseTaken(folder: string, name: string): void {
  const taken = new RegExp(`^export (?:const|function|class|abstract class) ${name}\\b|^export \\{[^}]*\\b${name}\\b[^}]*\\}`, "m");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const path = join(folder, file);
    if (taken.test(readFileSync(path, "utf8"))) throw new Misuse(`"${name}" is there already, in ${shown(path)}. Choose another name.`);
  }
}

/** An edited copy of a file. `pattern` marks where; a file that no longer has the mark is an error of ours. */
export function edit(path: string, steps: readonly (readonly [pattern: RegExp, replacement: string])[]): Change {
  let text = readFileSync(path, "utf8");
  for (const [pattern, replacement] of steps) {
    if (!pattern.test(text)) throw new Error(`${path} has no ${String(pattern)}. Bring tooling/generators up to date with it.`);
    text = text.replace(pattern, replacement);
  }
  return { path, text };
}
