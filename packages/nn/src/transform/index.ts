export { checkpointSequential } from "./checkpoint-sequential.js";
export { replaceModules } from "./replace.js";
export { simplify } from "./simplify.js";
