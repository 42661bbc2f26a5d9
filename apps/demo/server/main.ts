import { parseArgs } from "node:util";
import { build, createServer, preview } from "vite";
import config from "../vite.config.js";

// What `pnpm web` and `pnpm web:dev` run: vite with the repository's sources, from anywhere.

const { positionals: [command = "preview"], values: { port } } = parseArgs({ allowPositionals: true, options: { port: { type: "string", default: "5173" } } });
const place = { port: Number(port), strictPort: false };

async function main(): Promise<void> {
  const quiet = { ...config, configFile: false as const };
  if (command === "dev") {
    const server = await createServer({ ...quiet, server: { ...config.server, ...place } });
    await server.listen();
    server.printUrls();
    return;
  }
  console.log("Building the page …");
  await build({ ...quiet, logLevel: "error" });
  if (command === "build") return;
  const server = await preview({ ...quiet, preview: { ...config.preview, ...place } });
  server.printUrls();
}

await main();
