import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where data sets are read from and downloaded to: `DL_DATA_DIR` if it is set, otherwise `dl` in the user's cache
 * (`XDG_CACHE_HOME`, by default `~/.cache`). A data set has a folder in it: `mnist/train-images-idx3-ubyte.gz`.
 */
export function dataDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.DL_DATA_DIR) return resolve(env.DL_DATA_DIR);
  return join(env.XDG_CACHE_HOME ? resolve(env.XDG_CACHE_HOME) : join(homedir(), ".cache"), "dl");
}
