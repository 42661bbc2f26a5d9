import { defaultClientConditions, defineConfig } from "vite";
import { dataFolder } from "./server/data-folder.js";

/** Pages with these headers may share memory between threads. */
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default defineConfig({
  root: import.meta.dirname,
  // The packages' sources, so that nothing has to be built first.
  resolve: { conditions: ["@dl/source", ...defaultClientConditions] },
  plugins: [dataFolder()],
  worker: { format: "es" },
  server: { headers },
  preview: { headers },
  build: { target: "es2022", chunkSizeWarningLimit: 1000 },
});
