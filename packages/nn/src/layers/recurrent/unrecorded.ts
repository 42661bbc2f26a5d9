import { state, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/**
 * Runs `body` without recording. Memory of what it makes and does not return is given back at the end, or earlier where `body` calls
 * `release`: nobody else can have seen it.
 */
export function unrecorded(body: () => readonly Tensor[]): readonly Tensor[] {
  const outer = state.made;
  const made: (typeof state)["made"] = [];
  state.made = made;
  try {
    const kept = withGradMode(false, body);
    for (const x of kept) x.hold(Infinity);
    return kept;
  } finally {
    state.made = outer;
    for (const storage of made) storage.hold(0);
  }
}

/** Gives back what was made inside of `unrecorded`, or of a gradient rule, and is of no more use. */
export const release = (x: Tensor): void => { x.hold(0); };
