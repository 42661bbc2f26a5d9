import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gradientsPage, reasonFor, withoutGradient } from "./gradients.js";

describe("ops without a gradient (OPT-09)", () => {
  test.each(withoutGradient().map((op) => [op.name, op] as const))("%s has a reason", (_, op) => {
    expect(reasonFor(op)).not.toBeNull();
  });

  test("docs/gradients.md lists them as they are", () => {
    expect(readFileSync(new URL("../../docs/gradients.md", import.meta.url), "utf8"), "run: pnpm docs:gradients").toBe(gradientsPage());
  });
});
