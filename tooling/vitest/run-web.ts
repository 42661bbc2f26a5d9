import { browserExecutable, browserMissing } from "./browserExecutable.js";
import { runProjects } from "./run-projects.js";

runProjects(["web"], browserExecutable === undefined ? browserMissing : undefined);
