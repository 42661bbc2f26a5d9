import type { DatasetEntry } from "@dl/data";
import type { AnyRecipe, Calculation } from "@dl/recipes";
import { unknownName } from "@dl/registry";
import { chooseBackend, useBackend, type Backend, type BackendFactory } from "@dl/tensor";
import { asUsage } from "./errors.js";
import { registry } from "./registry.js";

const all: readonly (AnyRecipe | Calculation)[] = Object.values(registry.recipes);
const byName = <T extends { readonly name: string }>(recipes: readonly T[]): Readonly<Record<string, T>> => Object.fromEntries(recipes.map((recipe) => [recipe.name, recipe]));

/** Recipes that train a model. */
export const recipeTable = byName(all.filter((recipe) => recipe.kind === "training"));
/** Recipes that compute something. */
export const calculationTable = byName(all.filter((recipe) => recipe.kind === "calculation"));
export const datasetTable: Readonly<Record<string, DatasetEntry<unknown>>> = registry.datasets;
const backendTable: Readonly<Record<string, BackendFactory>> = registry.backends;

function named<T>(table: Readonly<Record<string, T>>, kind: string, name: string, allowed: readonly string[] = Object.keys(table)): T {
  return asUsage(() => {
    if (!allowed.includes(name) || !(name in table)) throw unknownName("dl", kind, name, allowed);
    return table[name];
  });
}

/** A data set that `recipe` can be trained on. @throws UsageError with near matches */
export const datasetFor = (recipe: AnyRecipe, name: string): DatasetEntry<unknown> => named(datasetTable, "data set", name, recipe.datasets);

/** Any data set. @throws UsageError with near matches */
export const anyDataset = (name: string): DatasetEntry<unknown> => named(datasetTable, "data set", name);

/** Other words that `--backend` takes. */
const aliases = new Map([["cpu", "reference"]]);

/** What names a backend on the command line. */
export const backendNames: readonly string[] = [...Object.keys(backendTable).filter((name) => ![...aliases.values()].includes(name)), ...aliases.keys()];

/** The backend of that name, if it is one of ours. */
export const factoryOf = (name: string): BackendFactory | undefined => new Map(Object.entries(backendTable)).get(aliases.get(name) ?? name);

/** What is taken when nothing is asked for: the first that runs here. */
const preferred = ["wasm", "reference"];

async function bestBackend(): Promise<string> {
  for (const name of preferred) if (await backendTable[name].isAvailable()) return name;
  return "reference";
}

/** Backends have threads and memory of their own: one of each is enough. */
const opened = new Map<string, Promise<Backend>>();

/** Opened and measured; the fastest for a step of that many operations. */
async function measuredBest(flops: number): Promise<Backend> {
  const { name, backend } = await chooseBackend(registry, flops);
  opened.set(name, Promise.resolve(backend));
  return useBackend(backend);
}

/**
 * Makes a backend the one in use: the first of the preferred ones when no name is given, the one that measures fastest for "auto".
 * @param flopsOfStep floating-point operations of what it is to do again and again; `null` where nobody knows, and "auto" takes the first that runs
 * @throws UsageError with near matches
 */
export async function openBackend(asked: string | undefined, flopsOfStep: () => number | null): Promise<Backend> {
  const flops = asked === "auto" ? flopsOfStep() : null;
  if (flops !== null) return measuredBest(flops);
  const name = asked === undefined || asked === "auto" ? await bestBackend() : (aliases.get(asked) ?? asked);
  const factory = named(backendTable, "backend", name);
  let backend = opened.get(name);
  if (backend === undefined) opened.set(name, (backend = useBackend(factory)));
  return useBackend(await backend);
}
