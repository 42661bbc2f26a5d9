import { definePlugin } from "@dl/registry";
import { datasets } from "./catalogue/index.js";

/** What this package offers to a registry. */
export const data = /* @__PURE__ */ definePlugin({ name: "@dl/data", contract: 1, datasets });
