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

/** Makes a backend the one in use. @throws UsageError with near matches */
export const openBackend = (name: string): Promise<Backend> => useBackend(named(backendTable, "backend", name));
