export { GPT } from "./gpt.js";
export { gpt2StateDict, loadGpt2 } from "./load-gpt2.js";
export { gptParameters } from "./options.js";
export type { GPTActivation, GPTOptions } from "./options.js";
export { gptPresets } from "./presets.js";
