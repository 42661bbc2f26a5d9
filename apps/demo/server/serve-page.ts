import { build, preview, type InlineConfig } from "vite";
import config from "../vite.config.js";

/** What vite is started with from anywhere: the configuration itself, so that it needs no look-up. */
export const ownConfig: InlineConfig = { ...config, configFile: false, logLevel: "error" };

const folder = (outDir: string | undefined): InlineConfig["build"] => ({ ...config.build, ...(outDir !== undefined && { outDir, emptyOutDir: true }) });

/** Builds the page as it is published. @param outDir default dist */
export async function buildPage(outDir?: string): Promise<void> {
  await build({ ...ownConfig, build: folder(outDir) });
}

/** Serves a built page until the process ends. @param port 0 takes a free one @returns its address */
export async function servePage(port: number, outDir?: string): Promise<string> {
  const server = await preview({ ...ownConfig, build: folder(outDir), preview: { ...config.preview, port } });
  const [address] = server.resolvedUrls?.local ?? [];
  return address;
}
