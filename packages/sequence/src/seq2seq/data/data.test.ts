import { DataLoader } from "@dl/data";
import { crossEntropy } from "@dl/nn";
import { ShapeError, ValueError } from "@dl/registry";
import { Generator, randn, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { WordTokenizer, standardSpecials } from "../../tokenizers/index.js";
import { sequenceCrossEntropy, translationDataset } from "../index.js";

const source = WordTokenizer.train("the cat sees a dog", { specials: standardSpecials });
const target = WordTokenizer.train("le chat voit un chien", { specials: standardSpecials });
const pairs = [
  { source: "the cat", target: "le chat" },
  { source: ["a", "dog"], target: ["un", "chien", "voit"] },
  { source: "the dog sees the cat", target: "le chien voit le chat" },
];

describe("SEQ-05 pairs of sentences", () => {
  test("the target is read from <start> on, and written one step ahead up to <end>", async () => {
    const { x, y } = await translationDataset(pairs, { source, target }).batch([0, 1]);
    const shown = (row: number, ids: typeof y): string[] => Array.from(ids.select(0, row).dataSync(), (id) => target.tokenOf(id));
    expect(shown(0, x.target)).toStrictEqual(["<start>", "le", "chat", "<pad>"]);
    expect(shown(0, y)).toStrictEqual(["le", "chat", "<end>", "<pad>"]);
    expect(shown(1, x.target)).toStrictEqual(["<start>", "un", "chien", "voit"]);
    expect(shown(1, y)).toStrictEqual(["un", "chien", "voit", "<end>"]);
    expect(source.decode(Array.from(x.source.select(0, 1).dataSync()))).toBe("a dog");
    expect([x.source, x.target, y].map(({ dtype }) => dtype)).toStrictEqual(["int32", "int32", "int32"]);
  });

  test("batches of similar length, and pairs that are too long stay out", async () => {
    const data = translationDataset([...pairs, ...pairs], { source, target });
    expect(data.lengths).toStrictEqual([2, 3, 5, 2, 3, 5]);
    const widths: number[] = [];
    for await (const { y } of new DataLoader(data, { batchSampler: data.buckets({ batchSize: 2 }), seed: 1 })) widths.push(y.shape[1]);
    expect(widths.sort()).toStrictEqual([3, 4, 6]);
    expect(translationDataset(pairs, { source, target }, { maxLength: 3 })).toHaveLength(2);
  });

  test("an empty source, and tokenizers without the ids that are needed, are refused", () => {
    expect(() => translationDataset([{ source: "", target: "le" }], { source, target })).toThrow("the source of pair 0 has no token");
    expect(() => translationDataset(pairs, { source, target: WordTokenizer.train("le") })).toThrow(ValueError);
    const strict = WordTokenizer.train("le", { specials: { pad: "<pad>", bos: "<start>", eos: "<end>" } });
    expect(() => translationDataset([{ source: "the", target: ["la"] }], { source, target: strict })).toThrow('"la" is no token');
    expect(() => translationDataset(pairs, { source, target }).sample(3)).toThrow(ValueError);
  });
});

describe("SEQ-05 cross-entropy of sequences", () => {
  const logits = randn([2, 3, 5], { generator: new Generator(1) });
  const y = tensor([[1, 4, 2], [3, 0, 0]], { dtype: "int32" });

  test("is the mean over the places that are no padding", () => {
    const rows = logits.flatten(0, 1);
    const kept = [0, 1, 2, 3].map((row) => crossEntropy(rows.select(0, row), y.flatten().select(0, row)).item());
    expect(sequenceCrossEntropy(logits, y).item()).toBeCloseTo(kept.reduce((a, b) => a + b) / 4, 5);
  });

  test("smooths labels over all ids: (1 − a)·(−ln p[y]) − a/V·Σ ln p", () => {
    const one = logits.slice(0, 0, 1).slice(1, 0, 1);
    const values = Array.from(one.dataSync());
    const shift = Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
    const logP = values.map((value) => value - shift);
    const expected = -0.8 * logP[1] - (0.2 / 5) * logP.reduce((a, b) => a + b);
    expect(sequenceCrossEntropy(one, y.slice(0, 0, 1).slice(1, 0, 1), { labelSmoothing: 0.2 }).item()).toBeCloseTo(expected, 5);
    expect(sequenceCrossEntropy(logits, y, { ignoreIndex: -1 }).item()).not.toBeCloseTo(sequenceCrossEntropy(logits, y).item(), 5);
  });

  test("refuses targets of another shape", () => {
    expect(() => sequenceCrossEntropy(logits, y.select(0, 0))).toThrow(ShapeError);
  });
});
