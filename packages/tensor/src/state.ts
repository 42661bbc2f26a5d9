import type { Backend } from "./backend/contract.js";
import type { Storage } from "./storage.js";

interface SharedState {
  gradEnabled: boolean;
  /** Tensors are numbered in order of creation; backward runs in descending order. */
  nextId: number;
  backend: Backend | null;
  /** What the gradient rule that runs has made so far; `null` while none does. */
  made: Storage[] | null;
}

const key: unique symbol = Symbol.for("dl/1");
const holder: typeof globalThis & { [key]?: SharedState } = globalThis;

/** One state for the process, even when two copies of this package are loaded. */
export const state: SharedState = (holder[key] ??= { gradEnabled: true, nextId: 1, backend: null, made: null });

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
