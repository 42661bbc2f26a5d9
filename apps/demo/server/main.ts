import { parseArgs } from "node:util";
import { createServer } from "vite";
import config from "../vite.config.js";
import { buildPage, ownConfig, servePage } from "./serve-page.js";

// What `pnpm web` and `pnpm web:dev` run: vite with the repository's sources, from anywhere.

const { positionals: [command = "preview"], values } = parseArgs({ allowPositionals: true, options: { port: { type: "string", default: "5173" } } });
const port = Number(values.port);

if (command === "dev") {
  const server = await createServer({ ...ownConfig, logLevel: "info", server: { ...config.server, port } });
  await server.listen();
  server.printUrls();
} else {
  console.log("Building the page …");
  await buildPage();
  if (command !== "build") console.log(`The page is at ${await servePage(port)} until you press Ctrl-C.`);
}
