import { buildPage, servePage } from "../server/serve-page.js";

// Builds the page into a folder, and serves it on a free port until it is stopped; its address is the one line that it prints.

const [, , outDir] = process.argv;
await buildPage(outDir);
console.log(await servePage(0, outDir));
