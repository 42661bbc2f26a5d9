import { backward } from "@dl/autograd";
import { wasm } from "@dl/backend-wasm";
import { Adam, crossEntropy } from "@dl/nn";
import { GPT, generate } from "@dl/sequence";
import { Generator, tensor, useBackend } from "@dl/tensor";
import { expect, test } from "vitest";

test("TRF-07 a small GPT learns a text of 200 characters by heart: NLL < .05, and writes it", async () => {
  await useBackend(wasm({ threads: 1 }));
  const text = (
    "the quick brown fox jumps over the lazy dog while seven wizards quietly mix a jug of black potion, and nobody in the village knows what " +
    "it is good for; ask again when the moon is full and the owls are awake."
  ).slice(0, 200);
  expect(text).toHaveLength(200);
  const letters = [...new Set(text)].sort();
  const ids = Array.from(text, (letter) => letters.indexOf(letter));
  const model = new GPT({ vocabSize: letters.length, contextLength: 200, dim: 64, heads: 4, layers: 2, generator: new Generator(1) });
  const optimizer = new Adam(model.parameters(), { lr: 3e-3 });
  const x = tensor([ids.slice(0, -1)], { dtype: "int32" });
  const y = tensor(ids.slice(1), { dtype: "int32" });
  let nll = Infinity;
  for (let step = 0; step < 200 && nll >= 0.04; step++) {
    const loss = crossEntropy(model.forward(x).squeeze(0), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
    nll = loss.item();
  }
  expect(nll).toBeLessThan(0.05);
  const { ids: written } = await generate(model, ids.slice(0, 10), { strategy: "greedy" });
  expect(written.map((id) => letters[id]).join("")).toBe(text);
}, 60_000);
