import { noGrad } from "@dl/autograd";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { defaultGenerator, sizeOf, tensor } from "@dl/tensor";
import type { Generator } from "@dl/tensor";
import type { Module } from "../module/module.js";
import type { PathPattern } from "../module/pattern.js";
import { checkSparsity, targetsOf } from "./targets.js";
import type { Target } from "./targets.js";

export interface PruneOptions {
  /** Share of the weights that is hidden afterwards, from 0 to 1; what was hidden before counts, and stays hidden. */
  readonly sparsity: number;
  /** Which layers, by their path; all affine layers and convolutions by default. */
  readonly pattern?: PathPattern;
}

export interface MagnitudeOptions extends PruneOptions {
  /** Compare the weights of all layers with each other, so that some lose more than others. Default false. */
  readonly global?: boolean;
}

export interface RandomPruneOptions extends PruneOptions {
  /** By default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export interface StructuredOptions extends PruneOptions {
  /** The dim whose slices go as a whole: 0 (default) for output channels, 1 for input channels. */
  readonly dim?: number;
  /** Of a slice, by which it is judged: p of the p-norm. Default 2. */
  readonly norm?: number;
}

/** How much each weight matters; what is hidden already comes below all others. */
async function magnitudes({ layer }: Target): Promise<Float64Array> {
  const [values, mask] = await Promise.all([noGrad(() => layer.weight).data(), layer.mask.data()]);
  return Float64Array.from(values, (value, i) => (mask[i] === 0 ? -1 : Math.abs(value)));
}

/** The places of the `count` lowest scores, the first of equals first. */
function lowest(scores: Float64Array, count: number): Int32Array {
  const order = Int32Array.from(scores, (_, i) => i);
  return order.sort((a, b) => scores[a] - scores[b] || a - b).subarray(0, count);
}

/** Hides places of the flat weight, too. */
async function hide({ layer }: Target, places: Iterable<number>): Promise<void> {
  const mask = Uint8Array.from(await layer.mask.data());
  for (const place of places) mask[place] = 0;
  layer.setMask(tensor(mask, { shape: layer.mask.shape, dtype: "uint8" }));
}

async function hideLowest(target: Target, sparsity: number): Promise<void> {
  const scores = await magnitudes(target);
  await hide(target, lowest(scores, Math.round(sparsity * scores.length)));
}

async function hideLowestOfAll(targets: readonly Target[], sparsity: number): Promise<void> {
  const each = await Promise.all(targets.map(magnitudes));
  const starts = each.map((_, t) => each.slice(0, t).reduce((sum, { length }) => sum + length, 0));
  const all = new Float64Array(each.reduce((sum, { length }) => sum + length, 0));
  each.forEach((scores, t) => { all.set(scores, starts[t]); });
  const places = lowest(all, Math.round(sparsity * all.length)).sort();
  const ownOf = (t: number): number[] => [...places].filter((place) => place >= starts[t] && place < starts[t] + each[t].length).map((place) => place - starts[t]);
  await Promise.all(targets.map((target, t) => hide(target, ownOf(t))));
}

/**
 * Hides the weights of smallest magnitude, a share of each layer's, or of all together. The model's affine layers and convolutions are
 * replaced by `Pruned` ones around them; parameters stay the same objects, so optimizers go on.
 *
 *     await prune.magnitude(model, { sparsity: 0.5 });
 *
 * Exactly round(sparsity · size) weights are hidden, or those that were when they are more. (Han et al., 2015)
 * @returns the model; a new one only where the model itself is a layer that is pruned
 * @throws ValueError for a sparsity out of range; UnknownNameError when the pattern matches no layer
 */
export async function magnitude(model: Module, options: MagnitudeOptions): Promise<Module> {
  const where = "prune.magnitude";
  checkOptions(where, options, ["sparsity", "pattern", "global"]);
  const { sparsity, pattern, global = false } = options;
  checkSparsity(where, sparsity);
  const { model: pruned, targets } = targetsOf(where, model, pattern);
  if (global) await hideLowestOfAll(targets, sparsity);
  else await Promise.all(targets.map((target) => hideLowest(target, sparsity)));
  return pruned;
}

/** Hides weights by lot, a share of each layer's: what magnitudes have to beat. See `prune.magnitude`. */
export async function random(model: Module, options: RandomPruneOptions): Promise<Module> {
  const where = "prune.random";
  checkOptions(where, options, ["sparsity", "pattern", "generator"]);
  const { sparsity, pattern, generator = defaultGenerator() } = options;
  checkSparsity(where, sparsity);
  const { model: pruned, targets } = targetsOf(where, model, pattern);
  for (const target of targets) {
    const mask = await target.layer.mask.data();
    const drawn = Float64Array.from(mask, (shown) => (shown === 0 ? -1 : generator.uniform()));
    await hide(target, lowest(drawn, Math.round(sparsity * drawn.length)));
  }
  return pruned;
}

/** The p-norm of every slice along a dim; −1 for those that are hidden. */
async function sliceNorms(target: Target, dim: number, norm: number): Promise<Float64Array> {
  const { shape } = target.layer.mask;
  const inner = sizeOf(shape.slice(dim + 1));
  const values = await magnitudes(target);
  const sums = new Float64Array(shape[dim]).fill(-1);
  values.forEach((value, i) => {
    const slice = Math.floor(i / inner) % shape[dim];
    if (value >= 0) sums[slice] = Math.max(0, sums[slice]) + value ** norm;
  });
  return sums;
}

/**
 * Hides whole slices of the weights, such as output channels: those of the smallest norm, round(sparsity · slices) of each layer. Biases
 * stay. See `prune.magnitude`. (Li et al., 2017)
 * @throws ValueError for a dim that a weight does not have, too
 */
export async function structured(model: Module, options: StructuredOptions): Promise<Module> {
  const where = "prune.structured";
  checkOptions(where, options, ["sparsity", "pattern", "dim", "norm"]);
  const { sparsity, pattern, dim = 0, norm = 2 } = options;
  checkSparsity(where, sparsity);
  checkWhole(where, "dim", dim, 0);
  if (!(norm > 0 && Number.isFinite(norm))) throw new ValueError(where, `norm is ${norm}`, "Give p of a p-norm, above 0", { norm });
  const { model: pruned, targets } = targetsOf(where, model, pattern);
  for (const { path, layer } of targets) {
    if (dim >= layer.mask.ndim) throw new ValueError(where, `dim is ${dim}, the weight of "${path}" has ${layer.mask.ndim}`, "Give 0 for outputs, 1 for inputs", { dim, path });
  }
  for (const target of targets) {
    const { shape, size } = target.layer.mask;
    const norms = await sliceNorms(target, dim, norm);
    const gone = new Set(lowest(norms, Math.round(sparsity * norms.length)));
    const inner = sizeOf(shape.slice(dim + 1));
    await hide(target, Array.from({ length: size }, (_, i) => i).filter((i) => gone.has(Math.floor(i / inner) % shape[dim])));
  }
  return pruned;
}
