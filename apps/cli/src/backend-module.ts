import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BackendFactory } from "@dl/tensor";
import { UsageError } from "./errors.js";
import { backendNames } from "./names.js";

const isFactory = (value: unknown): value is BackendFactory =>
  typeof value === "object" && value !== null && "create" in value && typeof value.create === "function" && "isAvailable" in value && "name" in value;

/** Factories among what a module exports: by themselves, or listed in a plugin. */
function factoriesIn(exported: object): BackendFactory[] {
  const listed = Object.values(exported).flatMap((value: unknown) =>
    typeof value === "object" && value !== null && "backends" in value && typeof value.backends === "object" && value.backends !== null ? (Object.values(value.backends) as unknown[]) : [value],
  );
  return [...new Set(listed.filter(isFactory))];
}

/** A file, or a package that is installed where `dl` runs. */
function urlOf(name: string): string {
  if (/^[./]|\.[cm]?[jt]s$/.test(name)) return pathToFileURL(resolve(name)).href;
  return pathToFileURL(createRequire(resolve("index.js")).resolve(name)).href;
}

/** The backend of a module of somebody else's. @throws UsageError when there is no such module, or none or several backends in it */
export async function backendOfModule(name: string): Promise<BackendFactory> {
  let exported: object;
  try {
    exported = (await import(urlOf(name))) as object;
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    const error = new UsageError(`"${name}" is no backend of this command and cannot be imported (${reason}). Give ${backendNames.join(", ")}, a file or a package.`);
    error.cause = cause;
    throw error;
  }
  const factories = factoriesIn(exported);
  if (factories.length === 1) return factories[0];
  const found = factories.length === 0 ? "no backend" : `several backends (${factories.map((factory) => factory.name).join(", ")})`;
  throw new UsageError(`"${name}" exports ${found}. Let it export one factory { name, isAvailable, create }, or a plugin that lists one.`);
}
