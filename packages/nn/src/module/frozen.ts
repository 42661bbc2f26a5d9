import type { Module } from "./module.js";

const frozen = new WeakSet<Module>();

/** Whether the module stays in evaluation when the model is trained: running statistics of frozen layers must not move. */
export const isFrozen = (module: Module): boolean => frozen.has(module);

export function setFrozen(module: Module, value: boolean): void {
  if (value) frozen.add(module);
  else frozen.delete(module);
}
