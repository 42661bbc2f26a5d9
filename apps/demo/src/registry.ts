import { acme } from "acme-snake";
import { gpujsBackend } from "@dl/backend-gpujs";
import { wasmBackend } from "@dl/backend-wasm";
import { data } from "@dl/data";
import { nn } from "@dl/nn";
import { recipes } from "@dl/recipes";
import { createRegistry } from "@dl/registry";
import { core } from "@dl/tensor/ops";
import { sequence } from "@dl/sequence";
import { vision } from "@dl/vision";

/** Everything that this page is composed of; the last one is a package of somebody else's. What is listed here shows up in all menus. */
export const registry = createRegistry(core, wasmBackend, gpujsBackend, nn, vision, sequence, data, recipes, acme);

export { isImageRecipe } from "@dl/recipes";
