export { MeanAbsoluteError, meanAbsoluteError, MeanSquaredError, meanSquaredError, RootMeanSquaredError, rootMeanSquaredError } from "./errors.js";
export { R2Score, r2Score } from "./r2-score.js";
