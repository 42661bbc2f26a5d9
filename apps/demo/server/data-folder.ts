import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dataDir, findFile } from "@dl/data/node";
import type { Connect, Plugin } from "vite";

const PREFIX = "/data/";

async function answer({ url = "" }: IncomingMessage, response: ServerResponse, next: Connect.NextFunction): Promise<void> {
  const path = decodeURIComponent(new URL(url, "http://page").pathname);
  if (!path.startsWith(PREFIX)) {
    next();
    return;
  }
  // A URL's path has no "..": it stays below the folder.
  const file = await findFile(dataDir(), path.slice(PREFIX.length));
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": "application/octet-stream" });
  createReadStream(file).pipe(response);
}

/** Serves the data directory (`DL_DATA_DIR`) below /data/: many publishers do not answer pages of others. */
export function dataFolder(): Plugin {
  const use = ({ middlewares }: { readonly middlewares: Connect.Server }): void => {
    middlewares.use((request, response, next) => { answer(request, response, next).catch(next); });
  };
  return { name: "dl-data-folder", configureServer: use, configurePreviewServer: use };
}
