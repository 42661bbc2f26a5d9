// Looking into a model without leaving traces: its modes, hooks and gradients are afterwards what they were.
import type { HookHandle, Module } from "@dl/nn";
import { UnknownNameError, nearMatches } from "@dl/registry";

/** Runs `body` and takes the hooks away again, also after an error. */
export function whileHooked<T>(handles: readonly HookHandle[], body: () => T): T {
  try {
    return body();
  } finally {
    for (const handle of handles) handle.remove();
  }
}

/** The module at a path of `namedModules()`. @throws UnknownNameError with the near matches and all paths */
export function layerAt(where: string, model: Module, path: string): Module {
  const modules = new Map(model.namedModules());
  const found = modules.get(path);
  if (found !== undefined) return found;
  const known = [...modules.keys()].filter((key) => key !== "");
  const near = nearMatches(path, known);
  const guess = near.length === 0 ? "" : `Did you mean ${near.map((match) => `"${match}"`).join(" or ")}? `;
  throw new UnknownNameError(
    where,
    `the model has no layer "${path}"`,
    `${guess}Its layers: ${known.length === 0 ? "none" : known.join(", ")}`,
    { path, near, known },
  );
}
