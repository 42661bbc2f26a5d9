import { readFileSync } from "node:fs";
import { noGrad } from "@dl/autograd";
import { loadModel, saveModel } from "@dl/nn";
import { describe, expect, test } from "vitest";
import { expectClose, readFixture } from "./fixture.js";
import { travelling } from "./interchange-models.js";

const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`fixtures/interchange/${name}.safetensors`, import.meta.url));

describe("FT-05 weights of PyTorch models", () => {
  test.each(readFixture<object>("interchange").map((own) => [own.name, own] as const))("%s: the file loads as it is, gives PyTorch's output, and is written back byte for byte", async (name, { tensors }) => {
    const { model, x } = travelling()[name];
    expect(loadModel(model, bytesOf(name))).toEqual({ missing: [], unexpected: [] });
    model.eval();
    expectClose(noGrad(() => model.forward(x)), tensors.output, 1e-5);
    expect(Buffer.from(await saveModel(model)).equals(bytesOf(name))).toBe(true);
  });

  test("a file of another model changes nothing", async () => {
    const { model } = travelling().cnn;
    const before = await saveModel(model);
    expect(() => loadModel(model, bytesOf("tagger"))).toThrow("nothing was changed");
    expect(Buffer.from(await saveModel(model)).equals(Buffer.from(before))).toBe(true);
  });
});
