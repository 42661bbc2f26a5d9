export type { FeatureOptions } from "./features.js";
export { FrechetDistance, frechetDistance } from "./frechet-distance.js";
export { Mmd, mmd } from "./mmd.js";
export type { MmdOptions } from "./mmd.js";
