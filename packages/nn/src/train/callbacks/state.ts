import { StateError } from "@dl/registry";

/** The named fields of a saved state. @throws StateError when one is not there */
export function fieldsOf<K extends string>(where: string, state: unknown, names: readonly K[]): Readonly<Record<K, unknown>> {
  const missing = typeof state === "object" && state !== null ? names.find((name) => !(name in state)) : names[0];
  if (missing !== undefined) throw new StateError(`${where}.loadStateDict`, `the state has no "${missing}"`, "Pass what stateDict() returned", { missing });
  return state as Readonly<Record<K, unknown>>;
}
