import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../arrows/workspace.js";
import { apply } from "../generators/change.js";
import { newPlugin } from "../generators/plugin.js";
import { training } from "./training.js";
import { expectedAdvice, notPlain, withoutGpu } from "./without-gpu.js";

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

const tarballOf = (name: string): string => join(workplace, `${name}.tgz`);

function pack(): void {
  step("build @dl/testing, @dl/backend-gpujs and what they stand on", root, "npx", "-y", packageManager, "build", "--filter=@dl/testing", "--filter=@dl/backend-gpujs");
  for (const { name, folder } of packagesOf(root).filter((own) => [...needed, "backend-gpujs"].includes(own.name))) {
    step(`pack @dl/${name}`, root, "npx", "-y", packageManager, "--dir", folder, "pack", "--out", tarballOf(name));
  }
}

/** An app with a GPU backend, in an empty folder. */
function installGpu(): void {
  const app = join(workplace, "gpu-app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "gpu-app", private: true, type: "module" }));
  writeFileSync(join(app, "app.js"), withoutGpu);
  step("install @dl/nn and @dl/backend-gpujs", app, "npm", "install", "--no-audit", "--no-fund", ...["registry", "tensor", "autograd", "nn", "backend-gpujs"].map(tarballOf));
  const compiled = notPlain(join(app, "node_modules"));
  if (compiled.length > 0) throw new Error(`These run something at install, or are compiled: ${compiled.join(", ")}`);
  const advice = step("without gpu.js, its installation is one line", app, process.execPath, "app.js");
  if (advice !== expectedAdvice) throw new Error(`It says "${advice}", not "${expectedAdvice}"`);
}

function rehearse(): void {
  pack();
  installGpu();
  apply(newPlugin(root, plugin, "acme-wave"));
  writeFileSync(join(plugin, "src/training.ts"), training);
  step("install the tarballs", plugin, "npm", "install", "--no-audit", "--no-fund", ...needed.map(tarballOf));
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
