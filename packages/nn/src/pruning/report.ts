import { noGrad } from "@dl/autograd";
import type { Module } from "../module/module.js";
import { replaceModules } from "../transform/replace.js";
import { weightOf } from "./pruned.js";
import { isPruned } from "./targets.js";

export interface SparsityRow {
  /** Path of the layer. */
  readonly path: string;
  /** Weights that are 0, hidden ones and others. */
  readonly zeros: number;
  readonly size: number;
}

export interface SparsityReport {
  readonly layers: readonly SparsityRow[];
  readonly zeros: number;
  readonly size: number;
  /** zeros / size over all layers with masks. */
  readonly sparsity: number;
}

/** Counts the zeros among the weights of all pruned layers. */
export async function sparsity(model: Module): Promise<SparsityReport> {
  const layers = await Promise.all(
    model.namedModules().flatMap(([path, module]) => (isPruned(module) ? [{ path, module }] : [])).map(async ({ path, module }) => {
      const values = await noGrad(() => module.weight).data();
      return { path, zeros: Array.from(values).filter((value) => value === 0).length, size: values.length };
    }),
  );
  const [zeros, size] = [layers.reduce((sum, row) => sum + row.zeros, 0), layers.reduce((sum, row) => sum + row.size, 0)];
  return { layers, zeros, size, sparsity: size === 0 ? 0 : zeros / size };
}

/**
 * Makes pruning permanent: hidden weights become 0, and the plain layers stand in the model again, with the same parameters.
 * @returns the model; the layer itself where the model is a pruned layer
 */
export function remove(model: Module): Module {
  return replaceModules(model, (_, module) => {
    if (!isPruned(module)) return null;
    weightOf(module.layer)?.assign(noGrad(() => module.weight));
    return module.layer;
  });
}
