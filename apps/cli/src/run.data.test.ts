import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

test("LIN-02 dl run loads the data set that a calculation is about", async () => {
  await inFolder(async (folder) => {
    const { out, err } = await runCaptured(["run", "iris-line", "--out", folder, "--json"], { env: process.env });
    expect(err).toBe("");
    expect(jsonLines(out)).toMatchObject([{ recipe: "iris-line", numbers: { separable: 1, logisticAccuracy: 1 }, figures: [join(folder, "lines.svg")] }]);
  });
});
