import type { Module } from "./module.js";

/** Runs `body` with the model in evaluation mode, and puts every module's own mode back. */
export function evaluating<T>(model: Module, body: () => T): T {
  const modes = model.namedModules().map(([, module]) => [module, module.training] as const);
  model.eval();
  try {
    return body();
  } finally {
    for (const [module, training] of modes) module.training = training;
  }
}
