import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BPETokenizer, CharTokenizer } from "../tokenizers/index.js";
import { TextStream, generateText } from "./index.js";
import { tableModel } from "./test-models.js";

const specials = { bos: "<s>", eos: "</s>" };
const letters = CharTokenizer.train("abc", { specials });
const greedy = { strategy: "greedy" } as const;

/** Says these ids, one behind the other; each may come once. */
function saying(ids: readonly number[], vocabSize: number): ReturnType<typeof tableModel> {
  const table = Array.from({ length: vocabSize }, () => new Array<number>(vocabSize).fill(0));
  ids.slice(1).forEach((id, i) => { table[ids[i]][id] = 9; });
  return tableModel(table);
}

const idsOf = (text: string): number[] => Array.from(letters.encode(text));

async function piecesOf(run: AsyncIterable<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of run) pieces.push(piece);
  return pieces;
}

describe("RNN-02 text from text", () => {
  const bytes = BPETokenizer.train("x", { vocabSize: 256 });

  test("begins with the tokenizer's beginning, and ends at its end, which is no text", async () => {
    const model = saying([letters.specials.bos ?? -1, ...idsOf("abc"), letters.specials.eos ?? -1], letters.vocabSize);
    const expected = { text: "abc", reason: "stop", newIds: [...idsOf("abc"), letters.specials.eos] };
    expect(await generateText(model, letters, "", { ...greedy, maxNewTokens: 9 })).toMatchObject(expected);
    expect(await piecesOf(generateText(model, letters, "a", { ...greedy, maxNewTokens: 9 }))).toStrictEqual(["b", "c"]);
    expect((await generateText(model, letters, "a", { ...greedy, maxNewTokens: 1, addBos: false })).ids).toStrictEqual(idsOf("ab"));
  });

  test("a stop of several ids never shows, and what only begins like it does", async () => {
    const model = saying(idsOf("abc"), letters.vocabSize);
    expect(await piecesOf(generateText(model, letters, "a", { ...greedy, maxNewTokens: 2, stop: [idsOf("bc")] }))).toStrictEqual([]);
    expect(await piecesOf(generateText(model, letters, "a", { ...greedy, maxNewTokens: 2, stop: [idsOf("ba")] }))).toStrictEqual(["bc"]);
    expect(await generateText(model, letters, "a", { ...greedy, maxNewTokens: 2, stop: [idsOf("bc")] })).toMatchObject({ text: "", reason: "stop" });
  });

  test("never gives half a character: bytes wait for the rest", async () => {
    const text = "a€😀";
    const ids = Array.from(bytes.encode(text));
    expect(ids).toHaveLength(8);
    const model = saying(ids, bytes.vocabSize);
    const run = generateText(model, bytes, "a", { ...greedy, maxNewTokens: 7, addBos: false });
    expect(await piecesOf(run)).toStrictEqual(["€", "😀"]);
    expect(await run).toMatchObject({ text: "€😀", reason: "length" });
    // Cut off inside of a character, the rest shows as such.
    expect((await generateText(model, bytes, "a", { ...greedy, maxNewTokens: 5, addBos: false })).text).toBe("€\uFFFD");
  });

  test("pieces of any text add up to it", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, text) => {
      const stream = new TextStream(bytes, Array.from(bytes.encode(before)));
      const pieces = [...Array.from(bytes.encode(text), (id) => stream.push([id])), stream.end()];
      expect(pieces.join("")).toBe(text);
      for (const piece of pieces) expect(() => encodeURIComponent(piece)).not.toThrow();
    }));
  });

  test("a loop that is left leaves what there is", async () => {
    const run = generateText(saying(idsOf("abc"), letters.vocabSize), letters, "a", { ...greedy, maxNewTokens: 9 });
    for await (const piece of run) if (piece === "b") break;
    expect(await run).toMatchObject({ text: "b", newIds: idsOf("b"), reason: null });
  });

  test("an empty prompt needs a beginning", () => {
    const plain = CharTokenizer.train("abc");
    const model = saying([0, 1, 2], 3);
    expect(() => generateText(model, plain, "", greedy)).toThrow("generateText: the prompt is empty, and the tokenizer has no id that begins a text");
    expect(() => generateText(model, plain, "a", { addBos: true })).toThrow("the tokenizer has no id that begins a text. Leave addBos out");
  });
});
