import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../arrows/workspace.js";
import { apply } from "../generators/change.js";
import { newPlugin } from "../generators/plugin.js";
import { training } from "./training.js";

// What somebody else lives through who writes a plugin: they have our packages as tarballs, and nothing of this repository.

const root = fileURLToPath(new URL("../..", import.meta.url));
const workplace = mkdtempSync(join(tmpdir(), "dl-plugin-rehearsal-"));
const plugin = join(workplace, "acme-wave");
const needed = ["registry", "tensor", "autograd", "nn", "testing"];
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly packageManager: string };

/** Runs one step, prints how it went, and stops the rehearsal where it fails. */
function step(name: string, folder: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status === 0) {
    console.log(`ok     ${name}`);
    return stdout.trim();
  }
  console.log(`failed ${name}`);
  throw new Error(error?.message ?? `${stdout}${stderr}`);
}

function rehearse(): void {
  step("build @dl/testing and what it stands on", root, "npx", "-y", packageManager, "build", "--filter=@dl/testing");
  const tarballs = packagesOf(root).filter(({ name }) => needed.includes(name)).map(({ name, folder }) => {
    const tarball = join(workplace, `${name}.tgz`);
    step(`pack @dl/${name}`, root, "npx", "-y", packageManager, "--dir", folder, "pack", "--out", tarball);
    return tarball;
  });

  apply(newPlugin(root, plugin, "acme-wave"));
  writeFileSync(join(plugin, "src/training.ts"), training);
  step("install the tarballs", plugin, "npm", "install", "--no-audit", "--no-fund", ...tarballs);
  step("type-check under strict, declarations of libraries included", plugin, "npx", "tsc", "--skipLibCheck", "false");
  step("pass testPlugin", plugin, "npm", "test");
  step("build the plugin", plugin, "npm", "run", "build");
  console.log(`       ${step("train, save, reload through a registry, compare", plugin, process.execPath, "dist/training.js")}`);
}

try {
  rehearse();
  console.log("The rehearsal passed.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(workplace, { recursive: true });
}
