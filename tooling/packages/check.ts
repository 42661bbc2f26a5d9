import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesOf } from "../arrows/workspace.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tarballs = mkdtempSync(join(tmpdir(), "dl-packages-"));
let failed = 0;

/** Runs one check from the root and prints what it says only when it fails, or when that is the point of it. */
function check(name: string, command: string, args: readonly string[], { show = false } = {}): void {
  const run = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  const passed = run.status === 0;
  if (!passed) failed += 1;
  console.log(`${passed ? "ok    " : "failed"} ${name}`);
  if (!passed || show) console.log(run.error?.message ?? `${run.stdout}${run.stderr}`);
}

// The tarball is checked, not the folder: packing rewrites exports and the versions of our own packages.
for (const { name, folder } of packagesOf(root)) {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as { private?: boolean; exports?: object };
  if (manifest.private === true) continue;
  const tarball = join(tarballs, `${name}.tgz`);
  check(`pack ${name}`, "pnpm", ["--dir", folder, "pack", "--out", tarball]);
  check(`publint ${name}`, "publint", ["--strict", tarball]);
  if (manifest.exports !== undefined) check(`attw ${name}`, "attw", [tarball, "--profile", "esm-only"]);
}
check("knip", "knip", []);
check("size", "size-limit", [], { show: true });

rmSync(tarballs, { recursive: true });
if (failed > 0) {
  console.error(`${failed} package checks failed.`);
  process.exitCode = 1;
}
