export { checkpointSequential } from "./checkpoint-sequential.js";
export { simplify } from "./simplify.js";
