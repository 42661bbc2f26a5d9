import { describe, test } from "vitest";
import type { Check } from "./check.js";

/** Makes each check a vitest test; a skipped one shows its reason. */
export function bindSuite(name: string, checks: readonly Check[]): void {
  describe(name, () => {
    for (const check of checks) {
      if (check.skip === undefined) test(check.name, () => check.run());
      // Not a test put off: a gap that the backend declares, listed with its reason.
      else test.skip(`${check.name} (skipped: ${check.skip})`, () => check.run());
    }
  });
}
