export { AlphaDropout, FeatureAlphaDropout } from "./alpha-dropout.js";
export { Dropout, Dropout1d, Dropout2d, Dropout3d } from "./dropout.js";
export type { DropoutOptions } from "./dropout.js";
