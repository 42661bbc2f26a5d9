import type { AnyRecipe, Calculation, Recipe } from "@dl/recipes";
import { expose } from "comlink";
import { Offers } from "./offer.js";
import { Session } from "./session.js";
import type { Update } from "./protocol.js";

// The registry is larger than all that the page needs to begin: it comes after it.
const whole = import("../registry.js").then(({ registry, isImageRecipe }) => ({
  recipes: Object.fromEntries(
    Object.entries<AnyRecipe | Calculation>(registry.recipes).flatMap(([name, recipe]): [string, Recipe][] => (isImageRecipe(recipe) && recipe.task === "classification" ? [[name, recipe]] : [])),
  ),
  datasets: registry.datasets,
  backends: registry.backends,
}));

let listener: (update: Update) => void = () => undefined;
const session = new Session(new Offers(whole), (update) => { listener(update); });

/** Where updates go from now on. */
const api = Object.assign(session, { listen: (to: (update: Update) => void) => { listener = to; } });

export type TrainingWorker = typeof api;

expose(api);
