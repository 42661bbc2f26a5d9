export { CarriedState } from "./carried-state.js";
export type { RecurrentLMOptions } from "./options.js";
export { RecurrentCache } from "./recurrent-cache.js";
export type { RecurrentState } from "./recurrent-cache.js";
export { RecurrentLM } from "./recurrent-lm.js";
export type { RecurrentOutput } from "./recurrent-lm.js";
