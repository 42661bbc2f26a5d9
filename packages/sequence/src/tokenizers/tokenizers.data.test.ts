import { readFile } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { dataDir } from "@dl/data/node";
import { beforeAll, describe, expect, test } from "vitest";
import { tokenStream } from "../text/token-stream.js";
import { BPETokenizer, CharTokenizer, LlamaTokenizer } from "./index.js";

const pathTo = (path: string): string => join(dataDir(), path);
const read = (path: string): Promise<string> => readFile(pathTo(path), "utf8");

interface Golden {
  readonly name: string;
  readonly text: string;
  readonly ids: readonly number[];
}

let gpt2: BPETokenizer;
let shakespeare: string;

beforeAll(async () => {
  gpt2 = BPETokenizer.fromGpt2({ encoder: await read("tokenizer/gpt2/encoder.json"), merges: await read("tokenizer/gpt2/vocab.bpe") });
  shakespeare = await read("text/tinyshakespeare/input.txt");
});

describe("TRF-01: GPT-2's tokenizer", () => {
  test("gives the published ids, and the texts back", async () => {
    const goldens = JSON.parse(await read("tokenizer/gpt2/golden-encodings.json")) as readonly Golden[];
    expect(goldens).toHaveLength(28);
    for (const { name, text, ids } of goldens) {
      expect([name, ...gpt2.encode(text)]).toStrictEqual([name, ...ids]);
      expect(gpt2.decode(ids)).toBe(text);
    }
  });

  test("tinyshakespeare, split 90 to 10, has 301,966 and 36,059 tokens", () => {
    const cut = Math.floor(shakespeare.length * 0.9);
    const [train, val] = [shakespeare.slice(0, cut), shakespeare.slice(cut)].map((part) => gpt2.encode(part));
    expect([train.length, val.length]).toStrictEqual([301_966, 36_059]);
    expect(gpt2.decode(train) + gpt2.decode(val)).toBe(shakespeare);
  });

  test("a megabyte is encoded within a second: the best of three, for the machine may have other work", () => {
    const seconds = Array.from({ length: 3 }, () => {
      const start = performance.now();
      gpt2.encode(shakespeare);
      return (performance.now() - start) / 1000;
    });
    expect(Math.min(...seconds)).toBeLessThan(shakespeare.length / 1e6);
  });

  test("a word of 200,000 characters is no hindrance", () => {
    const start = performance.now();
    expect(gpt2.decode(gpt2.encode("ab".repeat(100_000)))).toBe("ab".repeat(100_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("a file in pieces has the tokens of the whole", async () => {
    const ids: number[] = [];
    for await (const part of tokenStream(createReadStream(pathTo("text/tinyshakespeare/input.txt")), gpt2)) for (const id of part) ids.push(id);
    const whole = gpt2.encode(shakespeare);
    expect(ids).toHaveLength(whole.length);
    expect(ids.every((id, i) => id === whole[i])).toBe(true);
  });
});

test("TRF-01: 1,000 merges are learnt from a megabyte in a few seconds", () => {
  const start = performance.now();
  const tokenizer = BPETokenizer.train(shakespeare, { vocabSize: 1256 });
  expect(performance.now() - start).toBeLessThan(6000);
  expect(tokenizer.merges).toHaveLength(1000);
  expect(tokenizer.merges.slice(0, 3)).toStrictEqual([["Ġ", "t"], ["h", "e"], ["Ġ", "a"]]);
  expect(tokenizer.decode(tokenizer.encode(shakespeare))).toBe(shakespeare);
});

test("RNN-03: tinyshakespeare has 65 characters", () => {
  const tokenizer = CharTokenizer.train(shakespeare);
  expect(tokenizer.vocabSize).toBe(65);
  expect(tokenizer.vocabulary.tokens.join("")).toBe("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
});

describe("TRF-08: the tokenizer of stories260K", () => {
  let llama: LlamaTokenizer;
  beforeAll(async () => {
    llama = LlamaTokenizer.fromLlama2c(await readFile(pathTo("models/stories260k/tok512.bin")), 512);
  });

  test("says what the model wrote", async () => {
    const { greedyIdsIncludingBos } = JSON.parse(await read("models/stories260k/expected.json")) as { readonly greedyIdsIncludingBos: readonly number[] };
    const written = llama.decode(greedyIdsIncludingBos);
    expect(written).toHaveLength(564);
    expect(`${written}.`).toBe(await read("models/stories260k/expected-greedy.txt"));
    expect([...llama.encode("Once upon a time")]).toStrictEqual(greedyIdsIncludingBos.slice(1, 5));
  });

  /** The definition: look at all neighbours for the best score, merge them, begin again. */
  function plainly(text: string): number[] {
    const bytes = (character: string): number[] => Array.from(new TextEncoder().encode(character), (byte) => 3 + byte);
    const ids = Array.from(` ${text}`).flatMap((character) => { const id = llama.idOf(character); return id === undefined ? bytes(character) : [id]; });
    for (;;) {
      let best = { at: -1, id: -1, score: -Infinity };
      for (let at = 0; at + 1 < ids.length; at++) {
        const id = llama.idOf(llama.tokenOf(ids[at]) + llama.tokenOf(ids[at + 1]));
        if (id !== undefined && llama.scores[id] > best.score) best = { at, id, score: llama.scores[id] };
      }
      if (best.at < 0) return ids;
      ids.splice(best.at, 2, best.id);
    }
  }

  test("merges by scores as it is defined", async () => {
    const story = await read("models/stories260k/expected-greedy.txt");
    const speeches = shakespeare.slice(0, 4000).split("\n\n");
    for (const text of [story, "I believe the meaning of life is", "Zażółć gęślą jaźń 你好 🐈\n\ttabs", ...speeches]) {
      if (text !== "") expect([...llama.encode(text)]).toStrictEqual(plainly(text));
      expect(llama.decode(llama.encode(text))).toBe(text);
    }
  });
});
