import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { decodePng } from "@dl/data";
import { defineCalculation } from "@dl/recipes";
import { currentBackend } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { run, type RunFlags } from "./commands/run.js";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

/** One red and one half-dark grey pixel; and which backend computed. */
const pixels = defineCalculation({
  name: "pixels",
  title: "Two pixels",
  chapter: 5,
  calculate: () => ({
    text: [`computed by ${currentBackend().name}`],
    numbers: { pixels: 2 },
    figures: { frame: "<svg />" },
    pictures: { pair: { dtype: "float32", shape: [3, 1, 2], data: Float32Array.of(1, 0.4, 0, 0.4, 0, 0.4) } },
  }),
});

/** What `dl run` prints for a calculation that no plugin lists. */
async function printed(flags: RunFlags): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  await run(pixels, flags, { stdout, stderr, env: {}, interrupted: new AbortController().signal });
  return String(stdout.read());
}

describe("dl run", () => {
  test("writes pictures of pixels as PNG beside the drawings, and lists both", async () => {
    await inFolder(async (folder) => {
      const out = await printed({ out: folder });
      expect(out).toContain(`picture  ${join(folder, "frame.svg")}\n\npicture  ${join(folder, "pair.png")}\n`);
      const { shape, data } = decodePng(await readFile(join(folder, "pair.png")));
      expect(shape).toStrictEqual([3, 1, 2]);
      expect(Array.from(data, (value) => Math.round(value * 255))).toStrictEqual([255, 102, 0, 102, 0, 102]);
      expect((await readdir(folder)).toSorted()).toStrictEqual(["frame.svg", "pair.png"]);
    });
  });

  test("--json names the pictures", async () => {
    await inFolder(async (folder) => {
      expect(jsonLines(await printed({ out: folder, json: true, backend: "cpu" }))).toStrictEqual([
        { recipe: "pixels", seed: 0, backend: "reference", numbers: { pixels: 2 }, figures: [join(folder, "frame.svg")], pictures: [join(folder, "pair.png")] },
      ]);
    });
  });

  test("--backend says where to compute, WebAssembly by default; another name is refused", async () => {
    await inFolder(async (folder) => {
      expect(await printed({ out: folder })).toContain("computed by wasm\n");
      expect(await printed({ out: folder, backend: "cpu" })).toContain("computed by reference\n");
    });
    const { code, err } = await runCaptured(["run", "gradient", "--backend", "wasn"]);
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean "wasm"?')]);
  });

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
