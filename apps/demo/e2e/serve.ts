import { build, preview, type InlineConfig } from "vite";
import config from "../vite.config.js";

// Builds the page as it is published into a folder, and serves it on a free port until it is stopped; its address is the one line that it prints.

const [, , outDir] = process.argv;
const own: InlineConfig = { ...config, configFile: false, logLevel: "error", build: { ...config.build, outDir, emptyOutDir: true } };
await build(own);
const server = await preview({ ...own, preview: { ...config.preview, port: 0 } });
console.log(server.resolvedUrls?.local[0]);
