import { StateError } from "@dl/registry";
import { withGradMode } from "@dl/tensor";

function settled<T>(where: string, value: T): T {
  if (typeof value === "object" && value !== null && "then" in value) {
    throw new StateError(where, "the callback returned a promise", "The mode would leak into code that runs meanwhile: await first, then wrap the synchronous part");
  }
  return value;
}

/** Runs `body` without recording: nothing in it can be differentiated, and no graph is kept. @throws StateError for async callbacks */
export const noGrad = <T>(body: () => T): T => settled("noGrad", withGradMode(false, body));

/** Runs `body` with recording on, inside of `noGrad`. @throws StateError for async callbacks */
export const enableGrad = <T>(body: () => T): T => settled("enableGrad", withGradMode(true, body));
