import { browserExecutable, browserMissing } from "./browserExecutable.js";
import { runProjects } from "./run-projects.js";

runProjects(["browser", "browser-unisolated"], browserExecutable === undefined ? browserMissing : undefined);
