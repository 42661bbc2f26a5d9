import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import type { TestProject } from "vitest/node";
import { browserExecutable } from "./browserExecutable.js";
import { chromiumFlags } from "./browser-projects.js";

/** What the tests of project "web" find in the browser's place. */
export interface WebBrowser {
  /** Of the browser that all tests share. */
  readonly endpoint: string;
  readonly executablePath: string;
  readonly flags: readonly string[];
}

declare module "vitest" {
  interface ProvidedContext {
    pageUrl: string;
    browser: WebBrowser;
  }
}

const serve = fileURLToPath(new URL("../../apps/demo/e2e/serve.ts", import.meta.url));

/** No name is looked up: what the page asks of others fails at once, on every machine. */
const alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost";

/** The environment of a process of its own: vitest's NODE_ENV would make another page. The data directory has nothing. */
function environment(dataDir: string): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = process.env;
  return { ...env, DL_DATA_DIR: dataDir };
}

/** The first line that a process writes. @throws when it ends before */
async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError("firstLine: the process has no stdout");
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error(`apps/demo/e2e/serve.ts ended (${String(child.exitCode)}) before it served the page.`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || !child.kill()) return;
  await once(child, "exit");
}

/** Builds and serves the page, and starts the browser. @returns what ends both */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (browserExecutable === undefined) return () => Promise.resolve();
  const folder = await mkdtemp(join(tmpdir(), "dl-web-"));
  const server = spawn(process.execPath, ["--conditions=@dl/source", "--import", "tsx", serve, join(folder, "page")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: environment(join(folder, "data")),
  });
  const flags = [...chromiumFlags, alone];
  const browser = await chromium.launchServer({ executablePath: browserExecutable, args: flags });
  project.provide("pageUrl", await firstLine(server));
  project.provide("browser", { endpoint: browser.wsEndpoint(), executablePath: browserExecutable, flags });
  return async () => {
    await browser.close();
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  };
}
