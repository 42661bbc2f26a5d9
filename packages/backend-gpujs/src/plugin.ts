import { definePlugin } from "@dl/registry";
import { gpujs } from "./gpujs.js";

/** For `createRegistry`: an app that lists it can choose the GPU by name. */
export const gpujsBackend = /* @__PURE__ */ definePlugin({ name: "@dl/backend-gpujs", contract: 1, backends: { gpujs: /* @__PURE__ */ gpujs() } });
