import { StateError } from "@dl/registry";
import { defaultGenerator, isGenerator } from "@dl/tensor";
import type { Generator, GeneratorState } from "@dl/tensor";
import type { Module } from "../module/module.js";
import { joinPath } from "../module/walk.js";

/** Where the default generator and those in a model's fields stand. */
export interface GeneratorStates {
  readonly shared: GeneratorState;
  readonly own: Readonly<Record<string, GeneratorState>>;
}

/** The generators in the fields of a model's modules, with their paths. */
export const generatorsOf = (model: Module): (readonly [string, Generator])[] =>
  model.namedModules().flatMap(([path, module]) =>
    Object.entries(module).flatMap(([field, value]: [string, unknown]) => (isGenerator(value) ? [[joinPath(path, field), value] as const] : [])),
  );

export const captureGenerators = (model: Module): GeneratorStates => ({
  shared: defaultGenerator().state(),
  own: Object.fromEntries(generatorsOf(model).map(([path, generator]) => [path, generator.state()])),
});

/** @throws StateError when the model has other generators; nothing changes */
export function restoreGenerators(model: Module, { shared, own }: GeneratorStates): void {
  const present = generatorsOf(model);
  const names = (keys: readonly string[]): string => keys.toSorted().join(", ") || "none";
  const [wanted, found] = [names(Object.keys(own)), names(present.map(([path]) => path))];
  if (wanted !== found) {
    throw new StateError("Trainer", `the checkpoint has generators of its own at ${wanted}, the model at ${found}`, "Pass the layers the generators they were trained with");
  }
  for (const [path, generator] of present) generator.setState(own[path]);
  defaultGenerator().setState(shared);
}
