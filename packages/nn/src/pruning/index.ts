import { magnitude, random, structured } from "./prune.js";
import { remove, sparsity } from "./report.js";

export { GradualPruning } from "./gradual-pruning.js";
export type { GradualPruningOptions } from "./gradual-pruning.js";
export { Pruned } from "./pruned.js";
export type { MagnitudeOptions, PruneOptions, RandomPruneOptions, StructuredOptions } from "./prune.js";
export type { SparsityReport, SparsityRow } from "./report.js";

/** Ways to leave weights out, as torch.nn.utils.prune. An object and not a namespace, so that bundlers drop it where it is not used. */
export const prune = { magnitude, random, remove, sparsity, structured };
