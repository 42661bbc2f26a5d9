import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataDir } from "@dl/data/node";
import { BPETokenizer, tokenizerFromHuggingFace, tokenizerToHuggingFace } from "@dl/sequence";
import { beforeAll, expect, test } from "vitest";
import { huggingFaceTokenizer } from "./tokenizers-huggingface.js";

const read = (path: string): Promise<string> => readFile(join(dataDir(), path), "utf8");

let lines: readonly string[];
beforeAll(async () => {
  lines = (await read("text/tinyshakespeare/input.txt")).split("\n\n");
});

async function gpt2(): Promise<BPETokenizer> {
  return BPETokenizer.fromGpt2({ encoder: await read("tokenizer/gpt2/encoder.json"), merges: await read("tokenizer/gpt2/vocab.bpe") });
}

test.each<[string, () => BPETokenizer | Promise<BPETokenizer>]>([
  ["1,000 merges that we learnt", () => BPETokenizer.train(lines, { vocabSize: 1256 })],
  ["GPT-2's", gpt2],
])("TRF-01: with %s, 500 speeches of Shakespeare have the ids of @huggingface/tokenizers", async (_, make) => {
  const tokenizer = await make();
  const json = tokenizerToHuggingFace(tokenizer);
  const oracle = huggingFaceTokenizer(json);
  const copy = tokenizerFromHuggingFace(JSON.stringify(json));
  for (const line of lines.slice(0, 500)) {
    const ids = [...tokenizer.encode(line)];
    expect(ids).toStrictEqual(oracle.encode(line).ids);
    expect([...copy.encode(line)]).toStrictEqual(ids);
  }
});
