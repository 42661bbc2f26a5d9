import { drawnDigits, givesSplits, type DatasetEntry, type Splits } from "@dl/data";
import { digitsCnn, digitsMlp, softmaxRegression, type Recipe } from "@dl/recipes";
import { StateError, unknownName } from "@dl/registry";
import type { Backends } from "./backends.js";

/** What can be trained, on what, and where. */
export interface Offer {
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly datasets: Readonly<Record<string, DatasetEntry<unknown>>>;
  readonly backends: Backends;
}

/** With what the page begins, before the registry is here, which is twice as many bytes. */
const first: Offer = {
  recipes: { "softmax-regression": softmaxRegression, "digits-mlp": digitsMlp, "digits-cnn": digitsCnn },
  datasets: { digits: drawnDigits },
  backends: {},
};

/** What can be trained now, and when everything of the registry is here. */
export class Offers {
  now = first;
  readonly whole: Promise<Offer>;

  constructor(whole: Promise<Offer>) {
    this.whole = whole.then((offer) => (this.now = offer));
  }

  async recipe(name: string): Promise<Recipe> {
    const { recipes } = Object.hasOwn(this.now.recipes, name) ? this.now : await this.whole;
    if (!Object.hasOwn(recipes, name)) throw unknownName("page", "recipe", name, Object.keys(recipes));
    return recipes[name];
  }

  /** The data of a training, with the names of its classes. */
  async data(recipe: Recipe, name: string): Promise<LoadedData> {
    if (!recipe.datasets.includes(name)) throw unknownName(recipe.name, "data set", name, recipe.datasets);
    const { datasets } = Object.hasOwn(this.now.datasets, name) ? this.now : await this.whole;
    if (!Object.hasOwn(datasets, name)) throw new StateError("page", `the data set "${name}" is not part of this page`, "Add the package that has it to registry.ts", { name });
    const entry = datasets[name];
    if (!givesSplits(entry)) throw new StateError("page", `"${name}" has no training and test set`, "Choose another one", { name });
    return { ...(await splitsOf(name, entry)), classes: entry.classes };
  }
}

export interface LoadedData extends Splits {
  readonly classes: readonly string[];
}

/** Decoders and all come when there is something to download. */
async function downloaded(entry: DatasetEntry): Promise<Splits> {
  const { download } = await import("../shell/download.js");
  return download(entry);
}

/** What was loaded stays: another training often takes the same. */
const loaded = new Map<string, Promise<Splits>>();

async function splitsOf(name: string, entry: DatasetEntry): Promise<Splits> {
  let splits = loaded.get(name);
  if (splits === undefined) loaded.set(name, (splits = entry.kind === "generated" ? Promise.resolve(entry.generate()) : downloaded(entry)));
  try {
    return await splits;
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
}
