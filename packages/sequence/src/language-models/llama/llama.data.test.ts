import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { noGrad } from "@dl/autograd";
import { decodeSafetensors, tensor } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { generateText } from "../../generation/index.js";
import { LlamaTokenizer } from "../../tokenizers/index.js";
import { tensorsIn } from "../weights.js";
import { Llama, loadLlama2c, readLlama2c } from "./index.js";

interface Expected {
  readonly greedyIdsIncludingBos: readonly number[];
  readonly logitsFirst4Positions: readonly (readonly number[])[];
}

const fileOf = (name: string): Promise<Buffer> => readFile(join(process.env.DL_DATA_DIR ?? "", "models/stories260k", name));

describe("TRF-08 stories260K, a published LLaMA", () => {
  let bytes: Uint8Array;
  let model: Llama;
  let expected: Expected;

  beforeAll(async () => {
    bytes = new Uint8Array(await fileOf("stories260K.bin"));
    model = loadLlama2c(bytes);
    expected = JSON.parse((await fileOf("expected.json")).toString("utf8")) as Expected;
  });

  test("its logits are those of NumPy in float64, with a cache and without", () => {
    const ids = tensor([expected.greedyIdsIncludingBos.slice(0, 4)], { dtype: "int32" });
    const wanted = tensor(expected.logitsFirst4Positions.map((row) => [...row])).unsqueeze(0);
    const whole = noGrad(() => model.forward(ids));
    expect(whole.sub(wanted).abs().max().item()).toBeLessThan(1e-4);
    const cache = model.startCache();
    const steps = [0, 1, 2, 3].map((t) => noGrad(() => model.forward(ids.slice(1, t, t + 1), { cache })));
    steps.forEach((logits, t) => { expect(logits.sub(whole.slice(1, t, t + 1)).abs().max().item()).toBeLessThan(1e-5); });
  });

  test("it goes on greedily with the expected ids, and the expected text, which is one token longer", async () => {
    const tokenizer = LlamaTokenizer.fromLlama2c(new Uint8Array(await fileOf("tok512.bin")), model.vocabSize);
    const text = (await fileOf("expected-greedy.txt")).toString("utf8");
    const run = generateText(model, tokenizer, "", { strategy: "greedy", maxNewTokens: expected.greedyIdsIncludingBos.length });
    const pieces: string[] = [];
    for await (const piece of run) pieces.push(piece);
    const generated = await run;
    expect(generated.ids.slice(0, -1)).toStrictEqual(expected.greedyIdsIncludingBos);
    expect([generated.text, pieces.join("")]).toStrictEqual([text, text]);
  });

  test("the file of safetensors holds the same weights", async () => {
    const { options, weights } = readLlama2c(bytes);
    const other = new Llama(options);
    other.loadStateDict(tensorsIn(decodeSafetensors(new Uint8Array(await fileOf("stories260K.safetensors"))).tensors));
    for (const [key, value] of other.stateDict()) expect(value.toArray()).toStrictEqual(weights.get(key)?.toArray());
  });

  test("damage is told", () => {
    expect(() => readLlama2c(bytes.subarray(0, -4))).toThrow("readLlama2c: the file has 1056536 bytes, and its header describes 1056540");
    expect(() => readLlama2c(bytes.subarray(0, 20))).toThrow("ends after 20 bytes");
  });
});
