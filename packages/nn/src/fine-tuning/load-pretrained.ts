import { checkOptions } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { TensorModule } from "../layers/chain.js";
import { loadCheckpoint, restoreCheckpoint, unpackCheckpoint } from "../io/index.js";
import type { CheckpointFiles } from "../io/checkpoint.js";
import type { Module } from "../module/module.js";
import { stateTensors } from "../module/state-dict.js";
import type { StateDict } from "../module/state-dict.js";

export interface LoadPretrainedOptions {
  /** What makes layers from their JSON: a registry with the plugins that the model's layers are from. */
  readonly registry: { build(json: unknown): object };
}

/**
 * A model as a checkpoint holds it: with its weights, in evaluation mode.
 *
 *     const model = await loadPretrained("runs/digits-cnn", { registry });
 *     replaceHead(freeze(model), 5);
 *
 * @param source the folder of a checkpoint (Node only), or its files
 * @throws FormatError for damaged or missing files; UnknownNameError for layers that the registry does not know
 */
export async function loadPretrained(source: string | CheckpointFiles, options: LoadPretrainedOptions): Promise<TensorModule> {
  checkOptions("loadPretrained", options, ["registry"]);
  const checkpoint = typeof source === "string" ? await loadCheckpoint(source) : await unpackCheckpoint(source, "loadPretrained");
  const model = options.registry.build(checkpoint.model) as TensorModule;
  restoreCheckpoint(checkpoint, { model });
  return model.eval();
}

/** What `loadMatching` did with each key. */
export interface MatchingKeys {
  readonly loaded: readonly string[];
  /** The model has them, the state does not. */
  readonly missing: readonly string[];
  /** The state has them, the model does not. */
  readonly unexpected: readonly string[];
  /** Both have them, in other shapes or dtypes, so that the model's own value stays. */
  readonly different: readonly string[];
}

const fits = (own: Tensor, other: Tensor): boolean => showShape(own.shape) === showShape(other.shape) && own.dtype === other.dtype;

/**
 * Takes those values of a state dict that fit by key, shape and dtype, and leaves the rest of the model as it is: weights of a net with another head,
 * for example. `loadStateDict` is for states that must fit.
 */
export function loadMatching(model: Module, state: StateDict): MatchingKeys {
  const own = stateTensors(model);
  const common = [...own].flatMap(([key, value]) => {
    const other = state.get(key);
    return other === undefined ? [] : [{ key, fits: fits(value, other), other }];
  });
  const loaded = common.filter((entry) => entry.fits);
  model.loadStateDict(new Map(loaded.map(({ key, other }) => [key, other])), { strict: false });
  return {
    loaded: loaded.map(({ key }) => key),
    missing: [...own.keys()].filter((key) => !state.has(key)),
    unexpected: [...state.keys()].filter((key) => !own.has(key)),
    different: common.filter((entry) => !entry.fits).map(({ key }) => key),
  };
}
