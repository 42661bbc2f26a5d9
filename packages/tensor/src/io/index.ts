export type { HostArray } from "./host-array.js";
export { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
