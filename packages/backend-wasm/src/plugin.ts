import { definePlugin } from "@dl/registry";
import { wasm } from "./wasm.js";

/** What an app lists in `createRegistry` so that the backend can be chosen by name. */
export const wasmBackend = /* @__PURE__ */ definePlugin({ name: "@dl/backend-wasm", contract: 1, backends: { wasm: /* @__PURE__ */ wasm() } });
