import { expose } from "comlink";
import { Session } from "./session.js";
import type { Update } from "./protocol.js";

// The registry is several times the size of what is needed to show the page: it comes after it.
const offer = import("../registry.js").then(({ registry }) => ({
  recipes: Object.fromEntries(Object.entries(registry.recipes).flatMap(([name, recipe]) => (recipe.kind === "training" ? [[name, recipe]] : []))),
  datasets: registry.datasets,
}));

let listener: (update: Update) => void = () => undefined;
const session = new Session(() => offer, (update) => { listener(update); });

/** Where updates go from now on. */
const api = Object.assign(session, { listen: (to: (update: Update) => void) => { listener = to; } });

export type TrainingWorker = typeof api;

expose(api);
