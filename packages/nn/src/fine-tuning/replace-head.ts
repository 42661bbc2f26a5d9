import { StateError, ValueError, checkOptions, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import type { TensorModule } from "../layers/chain.js";
import { Conv1d, Conv2d, Conv3d } from "../layers/conv/index.js";
import { Linear } from "../layers/linear.js";
import type { Module } from "../module/module.js";
import { replaceModules } from "../transform/replace.js";

export interface ReplaceHeadOptions {
  /** Path of the layer; the last affine layer or convolution by default. */
  readonly path?: string;
  /** Where the new weights come from; by default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

type Head = Linear | Conv1d | Conv2d | Conv3d;

const isHead = (module: Module): module is Head => [Linear, Conv1d, Conv2d, Conv3d].some((Class) => module.constructor === Class);

function fresh(head: Head, outputs: number, generator: Generator | undefined): Head {
  const seed = generator !== undefined && { generator };
  const bias = head.bias !== null;
  if (head instanceof Linear) return new Linear(head.inFeatures, outputs, { bias, ...seed });
  const Class = head instanceof Conv1d ? Conv1d : head instanceof Conv2d ? Conv2d : Conv3d;
  return new Class(head.inChannels, outputs, head.kernelSize, { ...head.options, bias, ...seed });
}

/**
 * Puts a new last layer with `outputs` outputs in the place of the model's: what was learnt for other classes says nothing about the new ones.
 *
 *     replaceHead(model, 5);
 *
 * @returns the model; the new layer where the model is one layer
 * @throws StateError for a model without an affine layer or convolution; ValueError when `path` is none
 */
export function replaceHead<M extends TensorModule>(model: M, outputs: number, options: ReplaceHeadOptions = {}): M {
  const where = "replaceHead";
  checkOptions(where, options, ["path", "generator"]);
  checkWhole(where, "outputs", outputs, 1);
  const heads = model.namedModules().flatMap(([path, module]) => (isHead(module) ? [{ path, module }] : []));
  const target = options.path === undefined ? heads.at(-1) : heads.find(({ path }) => path === options.path);
  if (heads.length === 0) throw new StateError(where, `${model.constructor.name} has no affine layer and no convolution`, "Give a model that ends with one");
  if (target === undefined) throw new ValueError(where, `"${String(options.path)}" is no affine layer and no convolution`, `These are: ${heads.map(({ path }) => `"${path}"`).join(", ")}`, { path: options.path });
  const head = fresh(target.module, outputs, options.generator).train(model.training);
  return replaceModules(model, (_, module) => (module === target.module ? head : null)) as M;
}
