import { gpujsBackend } from "@dl/backend-gpujs";
import { wasmBackend } from "@dl/backend-wasm";
import { data } from "@dl/data";
import { nn } from "@dl/nn";
import { recipes } from "@dl/recipes";
import { createRegistry } from "@dl/registry";
import { sequence } from "@dl/sequence";
import { core } from "@dl/tensor/ops";
import { vision } from "@dl/vision";

/** Everything the `dl` command is composed of. A plugin that is listed here shows up in all commands. */
export const registry = createRegistry(core, wasmBackend, gpujsBackend, nn, vision, sequence, data, recipes);
