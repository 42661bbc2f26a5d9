import { dataMissing, hasData } from "./dataDirectory.js";
import { runProjects } from "./run-projects.js";

runProjects(["data"], hasData() ? undefined : dataMissing);
