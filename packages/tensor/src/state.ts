import type { Backend } from "./backend/contract.js";

interface SharedState {
  gradEnabled: boolean;
  /** Tensors are numbered in order of creation; backward runs in descending order. */
  nextId: number;
  backend: Backend | null;
}

const key = Symbol.for("dl/1");

declare global {
  var [key]: SharedState | undefined;
}

/** One state for the process, even when two copies of this package are loaded. */
export const state: SharedState = (globalThis[key] ??= { gradEnabled: true, nextId: 1, backend: null });

/** Runs `body` with recording of gradients switched on or off, and switches back whatever happens. */
export function withGradMode<T>(enabled: boolean, body: () => T): T {
  const before = state.gradEnabled;
  state.gradEnabled = enabled;
  try {
    return body();
  } finally {
    state.gradEnabled = before;
  }
}
