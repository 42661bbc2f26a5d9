import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

describe("dl run", () => {
  test("prints what a recipe found out, and keeps its pictures", async () => {
    await inFolder(async (folder) => {
      const { code, out, err } = await runCaptured(["run", "backpropagation", "--out", join(folder, "pictures")]);
      expect([code, err]).toStrictEqual([0, ""]);
      expect(out).toContain("b          value 3   ∂e/∂b = 9\n");
      const file = join(folder, "pictures/graph.svg");
      expect(out).toContain(`picture  ${file}\n`);
      expect(await readFile(file, "utf8")).toMatch(/^<svg .*<\/svg>$/s);
    });
  });

  test("--json prints one object", async () => {
    const { out } = await runCaptured(["run", "gradient", "--json"]);
    expect(jsonLines(out)).toMatchObject([{ recipe: "gradient", seed: 0, numbers: { dx: 22, dy: 3 }, figures: [] }]);
  });

  test("without a recipe, or with one that trains, it names those that there are", async () => {
    const without = await runCaptured(["run"]);
    expect([without.code, without.err]).toEqual([2, expect.stringMatching(/name a recipe: dl run <recipe>\. Known: gradient, backpropagation/)]);
    const training = await runCaptured(["run", "descend"]);
    expect([training.code, training.err]).toEqual([2, expect.stringContaining('Did you mean "descent"?')]);
  });
});
