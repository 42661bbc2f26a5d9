import { UnknownNameError, ValueError, checkOptions } from "@dl/registry";
import type { Module } from "../module/module.js";
import { matcher } from "../module/pattern.js";
import type { Parameter } from "../module/parameter.js";

/** The modules directly below a model that have parameters, from the input to the output. */
export const partsOf = (model: Module): string[] => model.namedChildren().flatMap(([path, child]) => (child.parameters().length > 0 ? [path] : []));

/** @throws UnknownNameError for a part without parameters */
export function checkParts(where: string, model: Module, parts: readonly string[]): void {
  const keys = model.namedParameters().map(([key]) => key);
  if (parts.length === 0) throw new ValueError(where, "there are no parts", "Name parts of the model, from the input to the output");
  for (const part of parts) {
    if (!keys.some(matcher(part))) throw new UnknownNameError(where, `no parameter of the model is below "${part}"`, `It has ${partsOf(model).map((path) => `"${path}"`).join(", ")}`, { part });
  }
}

export interface DiscriminativeOptions {
  /** Learning rate of the last part. */
  readonly lr: number;
  /** How many times slower each earlier part learns. Default 2.6. */
  readonly factor?: number;
  /** Paths of parts from the input to the output; the model's own children by default. Parameters of no part learn as slowly as the first. */
  readonly parts?: readonly string[];
}

export interface LearningRateGroup {
  readonly params: readonly Parameter[];
  readonly lr: number;
}

/**
 * Groups for an optimizer in which later parts of the model learn faster: lr/factorᵏ for the k-th part from the end. Frozen parameters are left out.
 * (Howard & Ruder, 2018)
 *
 *     new AdamW(discriminativeGroups(model, { lr: 1e-3 }));
 *
 * @throws UnknownNameError for parts without parameters; ValueError for numbers out of range
 */
export function discriminativeGroups(model: Module, options: DiscriminativeOptions): LearningRateGroup[] {
  const where = "discriminativeGroups";
  checkOptions(where, options, ["lr", "factor", "parts"]);
  const { lr, factor = 2.6, parts = partsOf(model) } = options;
  if (!(lr >= 0 && Number.isFinite(lr)) || !(factor >= 1 && Number.isFinite(factor))) throw new ValueError(where, `lr is ${lr}, factor ${factor}`, "Give lr from 0 and factor from 1", { lr, factor });
  checkParts(where, model, parts);
  const matchers = parts.map(matcher);
  const placeOf = (key: string): number => Math.max(0, matchers.findIndex((matches) => matches(key)));
  const learnt = model.namedParameters().filter(([, { requiresGrad }]) => requiresGrad);
  return parts
    .map((_, k) => ({ params: learnt.flatMap(([key, value]) => (placeOf(key) === k ? [value] : [])), lr: lr / factor ** (parts.length - 1 - k) }))
    .filter(({ params }) => params.length > 0);
}
