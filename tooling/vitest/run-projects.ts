import { spawnSync } from "node:child_process";

/**
 * Runs vitest's projects and passes the command line on. vitest refuses a --project that its configuration does not register, so what is
 * missing is handled here.
 * @param missing what to say instead where the projects are not registered
 */
export function runProjects(names: readonly string[], missing: string | undefined): void {
  if (missing === undefined) {
    const projects = names.flatMap((name) => ["--project", name]);
    const run = spawnSync("vitest", ["run", ...projects, "--passWithNoTests", ...process.argv.slice(2)], { stdio: "inherit" });
    if (run.error !== undefined) throw run.error;
    process.exitCode = run.status ?? 1;
  } else {
    console.log(missing);
    console.log("0 passed, 0 failed");
  }
}
