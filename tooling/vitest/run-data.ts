import { spawnSync } from "node:child_process";
import { dataMissing, hasData } from "./dataDirectory.js";

// vitest refuses a --project that its configuration does not register, so the missing folder is handled here.
if (hasData()) {
  const run = spawnSync("vitest", ["run", "--project", "data", "--passWithNoTests", ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
} else {
  console.log(dataMissing);
  console.log("0 passed, 0 failed");
}
