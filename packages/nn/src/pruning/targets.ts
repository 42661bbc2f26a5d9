import { UnknownNameError, ValueError } from "@dl/registry";
import type { TensorModule } from "../layers/chain.js";
import { Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "../layers/conv/index.js";
import { Linear } from "../layers/linear.js";
import type { Module } from "../module/module.js";
import { matcher } from "../module/pattern.js";
import type { PathPattern } from "../module/pattern.js";
import { replaceModules } from "../transform/replace.js";
import { Pruned } from "./pruned.js";

const prunable: readonly unknown[] = [Linear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];

export const isPruned = (module: Module): module is Pruned => module.constructor === Pruned;

/** A layer with a mask, and where it stands. */
export interface Target {
  readonly path: string;
  readonly layer: Pruned;
}

/** @throws ValueError unless 0 ≤ sparsity ≤ 1 */
export function checkSparsity(where: string, sparsity: number): void {
  if (!(sparsity >= 0 && sparsity <= 1)) throw new ValueError(where, `sparsity is ${sparsity}`, "Give the share of weights to hide, from 0 to 1", { sparsity });
}

/**
 * Gives every affine layer and convolution that `pattern` matches a mask, if it has none yet. Layers of the model are replaced by `Pruned`
 * ones around them; parameters stay the same objects.
 * @throws UnknownNameError when nothing matches
 */
export function targetsOf(where: string, model: Module, pattern: PathPattern | undefined): { readonly model: Module; readonly targets: readonly Target[] } {
  const matches = pattern === undefined ? (): boolean => true : matcher(pattern);
  const targets: Target[] = [];
  const seen: string[] = [];
  const pruned = replaceModules(model, (path, module) => {
    if (!isPruned(module) && !prunable.includes(module.constructor)) return null;
    seen.push(path);
    if (!matches(path)) return module;
    const layer = isPruned(module) ? module : new Pruned(module as TensorModule).train(module.training);
    targets.push({ path, layer });
    return layer;
  });
  if (targets.length > 0) return { model: pruned, targets };
  const found = seen.length === 0 ? "the model has no affine layer and no convolution" : `the pattern ${String(pattern)} matches none of ${seen.map((path) => `"${path}"`).join(", ")}`;
  throw new UnknownNameError(where, found, "Give a part of a layer's path, or a regular expression for it", { paths: seen });
}
