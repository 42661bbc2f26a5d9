import { browserExecutable, browserMissing } from "./browserExecutable.js";
import { runProjects } from "./run-projects.js";

runProjects(["browser*"], browserExecutable === undefined ? browserMissing : undefined);
