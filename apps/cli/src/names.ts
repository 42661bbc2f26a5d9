import type { DatasetEntry } from "@dl/data";
import type { Recipe } from "@dl/recipes";
import { unknownName } from "@dl/registry";
import { useBackend, type Backend, type BackendFactory } from "@dl/tensor";
import { asUsage } from "./errors.js";
import { registry } from "./registry.js";

export const recipeTable: Readonly<Record<string, Recipe>> = registry.recipes;
const datasetTable: Readonly<Record<string, DatasetEntry>> = registry.datasets;
const backendTable: Readonly<Record<string, BackendFactory>> = registry.backends;

function named<T>(table: Readonly<Record<string, T>>, kind: string, name: string, allowed: readonly string[] = Object.keys(table)): T {
  return asUsage(() => {
    if (!allowed.includes(name) || !(name in table)) throw unknownName("dl", kind, name, allowed);
    return table[name];
  });
}

/** A data set that `recipe` can be trained on. @throws UsageError with near matches */
export const datasetFor = (recipe: Recipe, name: string): DatasetEntry => named(datasetTable, "data set", name, recipe.datasets);

/** Other words that `--backend` takes. */
const aliases = new Map([["cpu", "reference"]]);

/** What is taken when nothing is asked for: the first that runs here. */
const preferred = ["wasm", "reference"];

async function bestBackend(): Promise<string> {
  for (const name of preferred) if (await backendTable[name].isAvailable()) return name;
  return "reference";
}

/** Backends have threads and memory of their own: one of each is enough. */
const opened = new Map<string, Promise<Backend>>();

/** Makes a backend the one in use: the fastest that runs here when no name is given. @throws UsageError with near matches */
export async function openBackend(asked?: string): Promise<Backend> {
  const name = asked === undefined ? await bestBackend() : (aliases.get(asked) ?? asked);
  const factory = named(backendTable, "backend", name);
  let backend = opened.get(name);
  if (backend === undefined) opened.set(name, (backend = useBackend(factory)));
  return useBackend(await backend);
}
