export { Llama } from "./llama.js";
export { loadLlama2c, readLlama2c } from "./llama2c.js";
export type { Llama2c } from "./llama2c.js";
export type { LlamaOptions } from "./options.js";
