import { fileURLToPath } from "node:url";
import { checkArrows } from "./check.js";

const problems = checkArrows(fileURLToPath(new URL("../..", import.meta.url)));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log("All arrows point left.");
