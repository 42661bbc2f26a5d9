import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sentencePairs, type TensorDataset } from "../index.js";
import { dataDir, loadDataset } from "../node/index.js";
import { karateClub } from "./karate.js";

const countsOf = (labels: ArrayLike<number>): number[] => {
  const counts: number[] = [];
  for (const label of Array.from(labels)) counts[label] = (counts.at(label) ?? 0) + 1;
  return counts;
};

const firstRow = (set: TensorDataset, width: number): number[] => [...set.sample(0).x.data.subarray(0, width)];
const floats = (...values: number[]): number[] => [...Float32Array.from(values)];

describe("tables from DL_DATA_DIR", () => {
  test("Iris", async () => {
    const { data, featureNames, classNames } = await loadDataset("iris");
    expect([data.host.x.shape, featureNames.length, classNames]).toStrictEqual([[150, 4], 4, ["setosa", "versicolor", "virginica"]]);
    expect([firstRow(data, 4), countsOf(data.host.y.data)]).toStrictEqual([floats(5.1, 3.5, 1.4, 0.2), [50, 50, 50]]);
  });

  test("Wine", async () => {
    const { data } = await loadDataset("wine");
    expect([data.host.x.shape, firstRow(data, 3), countsOf(data.host.y.data)]).toStrictEqual([[178, 13], floats(14.23, 1.71, 2.43), [59, 71, 48]]);
  });

  test("breast cancer", async () => {
    const { data, classNames, featureNames } = await loadDataset("breast-cancer");
    expect([data.host.x.shape, firstRow(data, 2), countsOf(data.host.y.data), classNames]).toStrictEqual([[569, 30], floats(17.99, 10.38), [212, 357], ["malignant", "benign"]]);
    expect([featureNames[0], featureNames[10], featureNames[29]]).toStrictEqual(["mean radius", "radius error", "worst fractal dimension"]);
  });

  test("digits 8×8", async () => {
    const { data } = await loadDataset("digits-8x8");
    expect([data.host.x.shape, firstRow(data, 6)]).toStrictEqual([[1797, 64], floats(0, 0, 5 / 16, 13 / 16, 9 / 16, 1 / 16)]);
    expect(countsOf(data.host.y.data)).toStrictEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  test("diabetes", async () => {
    const { data } = await loadDataset("diabetes");
    expect([data.host.x.shape, data.host.y.shape]).toStrictEqual([[442, 10], [442, 1]]);
    expect([firstRow(data, 2), [...data.host.y.data.subarray(0, 3)]]).toStrictEqual([floats(0.0380759064334241, 0.0506801187398187), [151, 75, 141]]);
  });
});

describe("texts from DL_DATA_DIR", () => {
  test("MR", async () => {
    const { all } = await loadDataset("mr");
    expect([all.texts.length, countsOf(all.labels)]).toStrictEqual([10_662, [5331, 5331]]);
    expect([all.texts[0], all.texts[5331].slice(0, 40)]).toStrictEqual(["simplistic , silly and tedious .", "the rock is destined to be the 21st cent"]);
  });

  test("SST-2", async () => {
    const { train, val, test: held } = await loadDataset("sst-2");
    expect([train, val, held].map(({ texts }) => texts.length)).toStrictEqual([6920, 872, 1821]);
    expect([val.texts[0], val.labels[0], train.labels[0]]).toStrictEqual(["one long string of cliches .", 0, 1]);
    expect(held.texts[1].endsWith("up like rancid crème brûlée .")).toBe(true);
  });

  test("TREC", async () => {
    const { train, test: held, classNames } = await loadDataset("trec");
    expect([train.texts.length, held.texts.length, new Set(train.fine).size]).toStrictEqual([5452, 500, 50]);
    expect([held.texts[0], held.fine[0], classNames[held.labels[0]]]).toStrictEqual(["How far is it from Denver to Aspen ?", "NUM:dist", "NUM"]);
    expect(countsOf(train.labels)).toStrictEqual([86, 1162, 1250, 1223, 835, 896]);
  });

  test("AG News, the test set, which is packed here", async () => {
    const { all, classNames } = await loadDataset("ag-news-test");
    expect([countsOf(all.labels), classNames[all.labels[0]]]).toStrictEqual([[1900, 1900, 1900, 1900], "Business"]);
    expect(all.texts[0].slice(0, 50)).toBe("Fears for T N pension after talks Unions represent");
    await expect(loadDataset("ag-news")).rejects.toThrow(/text\/ag-news\/train\.csv not found/);
  });

  test("tinyshakespeare and names", async () => {
    const { text } = await loadDataset("tinyshakespeare");
    expect([text.length, new Set(text).size, text.slice(0, 14)]).toStrictEqual([1_115_394, 65, "First Citizen:"]);
    const { lines } = await loadDataset("names");
    expect([lines.length, lines.slice(0, 3)]).toStrictEqual([32_033, ["emma", "olivia", "ava"]]);
  });
});

describe("graphs from DL_DATA_DIR", () => {
  test("Cora", async () => {
    const { nodes, edges, features, labels, splits } = await loadDataset("cora");
    expect([nodes, edges.shape, features.shape, [...labels.data.subarray(0, 2)]]).toStrictEqual([2708, [2, 5278], [2708, 1433], [3, 4]]);
    expect(Object.values(splits).map(({ length }) => length)).toStrictEqual([140, 500, 1000]);
    expect(Array.from(features.data.subarray(0, 1433), (value, i) => (value === 1 ? i : -1)).filter((i) => i >= 0)).toStrictEqual([19, 81, 146, 315, 774, 877, 1194, 1247, 1274]);
    expect([edges.data[0], edges.data[5278], edges.data[1], edges.data[5279]]).toStrictEqual([0, 633, 0, 1862]);
  });

  test("the karate club is the published one", async () => {
    const read = async (name: string): Promise<string[][]> => (await readFile(join(dataDir(), "graph/karate", name), "utf8")).trim().split("\n").map((line) => line.split("\t"));
    const { nodes, edges, weights, labels, classNames } = karateClub();
    const pairs = Array.from(weights, (weight, i) => [edges.data[i], edges.data[weights.length + i], weight].map(String));
    expect(pairs).toStrictEqual(await read("edges.tsv"));
    expect(Array.from(labels.data, (label, i) => [String(i), classNames[label]])).toStrictEqual(await read("nodes.tsv"));
    expect([nodes, weights.length, countsOf(labels.data)]).toStrictEqual([34, 78, [17, 17]]);
  });

  test("MUTAG, PTC and PROTEINS", async () => {
    const [mutag, ptc, proteins] = await Promise.all([loadDataset("mutag"), loadDataset("ptc"), loadDataset("proteins")]);
    const summary = [mutag, ptc, proteins].map(({ graphs, folds }) => [graphs.length, countsOf(graphs.map(({ label }) => label)).toSorted((a, b) => b - a), folds.reduce((sum, { length }) => sum + length, 0)]);
    expect(summary).toStrictEqual([[188, [125, 63], 180], [344, [192, 152], 340], [1113, [663, 450], 1110]]);
    expect(mutag.graphs.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(3371);
    expect(new Set(mutag.graphs.flatMap(({ tags }) => [...tags])).size).toBe(7);
    expect([...mutag.folds[0].subarray(0, 3)]).toStrictEqual([109, 126, 182]);
  });
});

describe("translations from DL_DATA_DIR", () => {
  test("Multi30k", async () => {
    const { train, val, test: held } = await loadDataset("multi30k");
    expect([train, val, held].map(({ en, de, fr }) => [en.length, de.length, fr.length])).toStrictEqual([29_000, 1014, 1000].map((count) => [count, count, count]));
    expect(sentencePairs(train, "de", "en")[0]).toStrictEqual({
      source: "Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche.",
      target: "Two young, White males are outside near many bushes.",
    });
  });

  test("5,000 pairs of English and French", async () => {
    const { pairs } = await loadDataset("eng-fra-5000");
    expect([pairs.length, pairs[1].source, pairs[1].target, pairs[1].attribution.includes("tatoeba.org #2877272 (CM)")]).toStrictEqual([5000, "Go.", "Marche.", true]);
  });
});

describe("pictures and sound from DL_DATA_DIR", () => {
  test("CIFAR-10 and Fashion-MNIST, their beginnings", async () => {
    const cifar = await loadDataset("cifar10-start");
    expect([cifar.train.length, cifar.test.length]).toStrictEqual([2000, 1000]);
    expect([...cifar.train.host.y.data.subarray(0, 10)]).toStrictEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect([...cifar.test.host.y.data.subarray(0, 10)]).toStrictEqual([3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
    expect(firstRow(cifar.train, 3)).toStrictEqual(floats(59 / 255, 43 / 255, 50 / 255));
    const fashion = await loadDataset("fashion-mnist-start");
    expect([...fashion.train.host.y.data.subarray(0, 10)]).toStrictEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    expect([...fashion.test.host.y.data.subarray(0, 10)]).toStrictEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
  });

  test("ISBI-EM has membranes in 22 % of the pixels", async () => {
    const { train, test: held } = await loadDataset("isbi-em");
    expect([train.host.x.shape, held.host.y.shape]).toStrictEqual([[24, 1, 512, 512], [6, 512, 512]]);
    const labels = [train, held].flatMap(({ host }) => Array.from(host.y.data));
    const white = labels.filter((label) => label === 1).length;
    expect(white / labels.length).toBeCloseTo(0.78, 3);
  });

  test("four clips of LJSpeech, 22,050 frames a second", async () => {
    const { clips } = await loadDataset("ljspeech-four");
    expect(clips.map(({ id, sampleRate, samples }) => [id, sampleRate, samples.shape[0], Number((samples.shape[1] / sampleRate).toFixed(3))])).toStrictEqual([
      ["LJ001-0002", 22_050, 1, 1.9],
      ["LJ001-0004", 22_050, 1, 5.139],
      ["LJ001-0006", 22_050, 1, 5.684],
      ["LJ001-0008", 22_050, 1, 1.783],
    ]);
    expect(clips[0].text).toBe("in being comparatively modern.");
  });
});
