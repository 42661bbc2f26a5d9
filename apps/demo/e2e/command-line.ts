import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs `dl` in a process of its own. @returns the last object that it printed @throws when it fails, with what it said */
export async function dl(...argv: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@dl/source", "--import", "tsx", "apps/cli/src/main.ts", ...argv, "--json"], { cwd: repository });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "null");
}
