import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inFolder, jsonLines, runCaptured } from "./testing/run-captured.js";

describe("dl generate", () => {
  test("writes what a trained model says, the same with the same seed; eval shows texts, and summary knows the model", async () => {
    await inFolder(async (folder) => {
      const out = join(folder, "toy");
      const trained = await runCaptured(["train", "translate-toy", "--epochs", "1", "--dim", "16", "--out", out, "--json"]);
      expect([trained.code, trained.err]).toStrictEqual([0, ""]);
      const end = jsonLines(trained.out).at(-1);
      expect(end).toMatchObject({ event: "end", recipe: "translate-toy", metrics: { exactMatch: expect.any(Number) as number, bleu: expect.any(Number) as number } });
      expect(end?.texts).toHaveLength(10);

      const once = await runCaptured(["generate", out, "--prompt", "The cat is on the mat"]);
      expect([once.code, once.err]).toStrictEqual([0, ""]);
      expect(once.out).toMatch(/^The cat is on the mat\n/);
      expect(once.out).toContain("<start> → ");
      const [json] = jsonLines((await runCaptured(["generate", out, "--prompt", "The cat is on the mat", "--beams", "2", "--json"])).out);
      expect(json).toMatchObject({ event: "end", recipe: "translate-toy", prompt: "The cat is on the mat", text: expect.any(String) as string });

      const evaluated = await runCaptured(["eval", out]);
      expect(evaluated.out).toContain(" → ");
    });
  });

  test("says what cannot write", async () => {
    await inFolder(async (folder) => {
      const out = join(folder, "digits");
      await runCaptured(["train", "softmax-regression", "--epochs", "1", "--out", out]);
      const { code, err } = await runCaptured(["generate", out]);
      expect(code).toBe(2);
      expect(err).toContain('the model of "softmax-regression" does not write. Try dl eval');
    });
  });

  test("flags are numbers", async () => {
    const { code, err } = await runCaptured(["generate", "nowhere", "--temperature", "warm"]);
    expect([code, err]).toStrictEqual([2, 'dl: --temperature is "warm". Give a number.\n']);
  });
});
