import { checkOptions } from "@dl/registry";
import { Layer } from "../module/layer.js";
import { checkReduction, reductions } from "./common.js";

/** A loss with its options fixed. Options that are tensors work, but cannot be saved. */
export abstract class LossLayer<O extends { readonly reduction?: string }> extends Layer {
  /**
   * @param where the layer's name, for messages
   * @param keys the options that its loss knows
   * @throws UnknownNameError for any other option, and for an unknown reduction
   */
  constructor(where: string, keys: readonly (keyof O & string)[], readonly options?: O, knownReductions = reductions) {
    super([options]);
    checkOptions(where, options, keys);
    if (options?.reduction !== undefined) checkReduction(where, options.reduction, knownReductions);
  }
}
