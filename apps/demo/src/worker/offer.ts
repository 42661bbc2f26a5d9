import { givesSplits, loadFromWeb, type DatasetEntry, type Splits } from "@dl/data";
import type { Recipe } from "@dl/recipes";
import { StateError, unknownName } from "@dl/registry";

/** What can be trained, and on what. */
export interface Offer {
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly datasets: Readonly<Record<string, DatasetEntry<unknown>>>;
}

export function recipeOf({ recipes }: Offer, name: string): Recipe {
  if (!Object.hasOwn(recipes, name)) throw unknownName("page", "recipe", name, Object.keys(recipes));
  return recipes[name];
}

export interface LoadedData extends Splits {
  readonly classes: readonly string[];
}

/** The page's own server has what is in its data directory; see vite.config.ts. */
export const MIRROR = "/data/";

export async function dataFor({ datasets }: Offer, recipe: Recipe, name: string): Promise<LoadedData> {
  if (!recipe.datasets.includes(name)) throw unknownName(recipe.name, "data set", name, recipe.datasets);
  if (!Object.hasOwn(datasets, name)) throw new StateError("page", `the data set "${name}" is not part of this page`, "Add the package that has it to registry.ts", { name });
  const entry = datasets[name];
  if (!givesSplits(entry)) throw new StateError("page", `"${name}" has no training and test set`, "Choose another one", { name });
  return { ...(await loadFromWeb(entry, { mirror: MIRROR })), classes: entry.classes };
}
