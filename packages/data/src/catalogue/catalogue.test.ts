import { gzipSync } from "node:zlib";
import { FormatError, UnknownNameError } from "@dl/registry";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { encodePng, encodeWav, datasets, datasetNamed, givesSplits, sentencePairs } from "../index.js";
import { decodeEdges, decodeNodes, decodeTuGraphs } from "./graph-data.js";
import { decodeFolds } from "./graphs.js";
import { decodeSlices } from "./segmentation.js";
import { decodeTranscripts } from "./speech.js";
import { decodeDiabetes, decodeDigitsTable, decodeScikitTable } from "./tabular.js";
import { decodeAgNews, decodeBinarySentiment, decodeMovieReviews, decodeNewsgroups, decodeTrec } from "./text-data.js";
import { decodePairs, decodeThreeLanguages } from "./translation.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the catalogue", () => {
  test("every file has a path of its own below the data directory, an address or a source, and a SHA-256 that goes with a size", () => {
    for (const [name, entry] of Object.entries(datasets)) {
      expect(entry.title.length, name).toBeLessThan(70);
      expect(entry.licence, name).not.toBe("");
      if (entry.kind !== "downloaded") continue;
      const paths = entry.files.map(({ path }) => path);
      expect(new Set(paths).size, name).toBe(paths.length);
      for (const { path, urls, sha256, bytes: size, from } of entry.files) {
        expect(path, name).toMatch(/^[\w-]+(\/[\w.-]+)+$/);
        expect(urls.length > 0 || from !== undefined, path).toBe(true);
        for (const url of urls) expect(new URL(url).protocol, url).toMatch(/^https?:$/);
        if (sha256 !== undefined) expect([sha256.length, Number(size) > 0], path).toStrictEqual([64, true]);
      }
    }
  });

  test("what recipes take is known by its area", () => {
    expect([datasets.mnist, datasets["isbi-em"], datasets.iris].map(givesSplits)).toStrictEqual([true, true, false]);
    expect(datasetNamed("iris")).toBe(datasets.iris);
    expect(() => datasetNamed("irsi")).toThrow(UnknownNameError);
  });
});

describe("tables", () => {
  test("scikit-learn's form", () => {
    const { data, classNames } = decodeScikitTable(bytes("2,2,red,blue\n1,2.5,1\n3,4,0\n"), ["a", "b"]);
    expect([data.host.x, data.host.y.data, classNames]).toStrictEqual([{ dtype: "float32", shape: [2, 2], data: Float32Array.of(1, 2.5, 3, 4) }, Int32Array.of(1, 0), ["red", "blue"]]);
  });

  test.each([
    ["2,3,red,blue\n1,2,1\n3,4,0", /line 1 promises 3 features, there are 2 names/],
    ["3,2,red,blue\n1,2,1\n3,4,0", /the table has 2 rows of 3 cells, it should have 3 of 3/],
    ["2,2,red,blue\n1,2,1\n3,x,0", /line 3, column 2 \("1"\): "x" is no number/],
    ["2,2,red,blue\n1,2,1\n3,4,2", /row 1: label 2 is not in \[0, 2\)/],
    ["2,2", /the table has 0 rows/],
  ])("%j is refused", (text, message) => {
    expect(() => decodeScikitTable(bytes(text), ["a", "b"])).toThrow(FormatError);
    expect(() => decodeScikitTable(bytes(text), ["a", "b"])).toThrow(message);
  });

  test("digits of 64 greys, packed", () => {
    const row = [...Array.from({ length: 64 }, (_, i) => i % 17), 7].join(",");
    const { data, featureNames } = decodeDigitsTable(new Uint8Array(gzipSync(row)), "digits", 1);
    expect([data.host.x.shape, data.host.x.data[16], data.host.x.data[8], data.host.y.data[0], featureNames[9]]).toStrictEqual([[1, 64], 1, 0.5, 7, "pixel_1_1"]);
    expect(() => decodeDigitsTable(bytes(row))).toThrow(/it should have 1797 of 65/);
  });

  test("diabetes: numbers between spaces, one to predict", () => {
    const { data } = decodeDiabetes(bytes(Array.from({ length: 10 }, (_, i) => `${i}e-1`).join(" ")), bytes("1.51e+02\n"), undefined, 1);
    expect([data.host.x.shape, data.host.x.data[3], data.host.y.shape, data.host.y.data[0]]).toStrictEqual([[1, 10], Math.fround(0.3), [1, 1], 151]);
  });
});

describe("texts", () => {
  test("MR keeps ISO-8859-1, also the line end that is none", () => {
    expect(decodeMovieReviews(Uint8Array.of(0x62, 0x85, 0xe9, 0x20, 0x0a), bytes("a\nb\n"))).toStrictEqual({ texts: ["b\u0085é", "a", "b"], labels: Int32Array.of(0, 1, 1) });
  });

  test("SST-2", () => {
    expect(decodeBinarySentiment(bytes("1 good film\n0 crème\n"))).toStrictEqual({ texts: ["good film", "crème"], labels: Int32Array.of(1, 0) });
    expect(() => decodeBinarySentiment(bytes("1 good\n2 bad"), "dev")).toThrow(/^dev: line 2: "2 bad" does not begin with 0 or 1/);
  });

  test("TREC", () => {
    expect(decodeTrec(bytes("NUM:dist How far ?\nLOC:other Where ?"))).toStrictEqual({ texts: ["How far ?", "Where ?"], labels: Int32Array.of(5, 4), fine: ["NUM:dist", "LOC:other"] });
    expect(() => decodeTrec(bytes("NUM:dist How far ?\nXYZ:a Who ?"))).toThrow(/line 2: "XYZ:a Who \?" does not begin with a label/);
  });

  test("AG News", () => {
    expect(decodeAgNews(bytes('"3","Oil, again","It ""rose""."\n"1","a","b"\n'))).toStrictEqual({ texts: ['Oil, again It "rose".', "a b"], labels: Int32Array.of(2, 0) });
    expect(() => decodeAgNews(bytes('"5","a","b"'))).toThrow(/row 0: class "5" is not in 1\.\.4/);
    expect(() => decodeAgNews(bytes("1,a"))).toThrow(/there are 2 cells, not class, title and description/);
  });

  test("20 Newsgroups, a folder per group", () => {
    const files = new Map([["n-train/b/10", bytes("ten")], ["n-train/b/9", Uint8Array.of(0xe9)], ["n-train/a/1", bytes("one")], ["n-test/a/2", bytes("two")]]);
    expect(decodeNewsgroups(files, "n-train", ["a", "b"])).toStrictEqual({ texts: ["one", "é", "ten"], labels: Int32Array.of(0, 1, 1) });
    expect(() => decodeNewsgroups(files, "other", ["a"])).toThrow(/no message below other\//);
    expect(() => decodeNewsgroups(files, "n-train", ["a"])).toThrow(/"b" is no group of 20 Newsgroups/);
  });
});

describe("graphs", () => {
  test("nodes and edges", () => {
    expect(decodeNodes(bytes("0\t1\t0 2\n1\t0\t\n"), 3, 2, "n")).toMatchObject({ nodes: 2, features: { data: Float32Array.of(1, 0, 1, 0, 0, 0) }, labels: { data: Int32Array.of(1, 0) } });
    expect(decodeEdges(bytes("0\t1\n1\t2\n"), 3, "e")).toStrictEqual({ dtype: "int32", shape: [2, 2], data: Int32Array.of(0, 1, 1, 2) });
    expect(() => decodeEdges(bytes("0\t1\n1\t3\n"), 3, "e")).toThrow(/^e: line 2: "3" is no whole number in \[0, 3\)/);
    expect(() => decodeEdges(bytes("0 1"), 3, "e")).toThrow(/line 1: there are 1 cells/);
    expect(() => decodeNodes(bytes("0\t2\t0"), 3, 2, "n")).toThrow(FormatError);
    expect(() => decodeNodes(bytes("1\t0\t0"), 3, 2, "n")).toThrow(/line 1: the node is "1", the lines before were 0 nodes/);
  });

  test("the TU form: each edge once, labels and tags from 0", () => {
    const [first, second] = decodeTuGraphs(bytes("2\n3 2\n5 2 1 2\n1 1 0\n5 1 0\n1 0\n7 0\n"));
    expect(first).toStrictEqual({ nodes: 3, label: 1, tags: Int32Array.of(1, 0, 1), edges: { dtype: "int32", shape: [2, 2], data: Int32Array.of(0, 0, 1, 2) } });
    expect([second.label, [...second.tags]]).toStrictEqual([0, [2]]);
  });

  test.each([
    ["2\n1 0\n0 0\n", /line 4: the file ends too early/],
    ["1\n1 0\n0 1\n", /line 3: 0 neighbours for a degree of 1/],
    ["1\n1 0\n0 1 1\n", /line 3: neighbour 1 is none of the 1 nodes/],
    ["1\n1 0\n0 0\n9", /line 4: the file goes on behind its 1 graphs/],
    ["one", /line 1: "one" is no whole number/],
  ])("%j is refused", (text, message) => {
    expect(() => decodeTuGraphs(bytes(text))).toThrow(FormatError);
    expect(() => decodeTuGraphs(bytes(text))).toThrow(message);
  });

  test("folds", () => {
    expect(decodeFolds(bytes("[[0,1],[2]]"), 3)).toStrictEqual([Int32Array.of(0, 1), Int32Array.of(2)]);
    for (const text of ["[", "{}", "[1]", "[[3]]", "[[0.5]]"]) expect(() => decodeFolds(bytes(text), 3)).toThrow(FormatError);
  });

  test("the karate club", () => {
    const { nodes, edges, classNames } = datasets.karate.generate();
    expect([nodes, edges.shape, classNames]).toStrictEqual([34, [2, 78], ["Mr. Hi", "Officer"]]);
  });
});

describe("translations", () => {
  test("pairs, with or without who wrote them", () => {
    expect(decodePairs(bytes("Go.\tVa !\tby A\nHi.\tSalut.\n")).pairs).toStrictEqual([{ source: "Go.", target: "Va !", attribution: "by A" }, { source: "Hi.", target: "Salut.", attribution: "" }]);
    expect(() => decodePairs(bytes("a\tb\nc"))).toThrow(/line 2 has 1 cells between tabs/);
    expect(datasets["eng-fra"].decode(() => zipSync({ "fra.txt": bytes("a\tb\tc"), "_about.txt": bytes("x") })).pairs).toHaveLength(1);
    expect(() => datasets["eng-fra"].decode(() => zipSync({}))).toThrow(/there is no fra\.txt in it/);
  });

  test("three languages line by line", () => {
    const split = decodeThreeLanguages({ en: bytes("one\ntwo\n"), de: new Uint8Array(gzipSync("eins\nzwei\n")), fr: bytes("un\ndeux") });
    expect(sentencePairs(split, "de", "fr")).toStrictEqual([{ source: "eins", target: "un" }, { source: "zwei", target: "deux" }]);
    expect(() => decodeThreeLanguages({ en: bytes("one"), de: bytes("a\nb"), fr: bytes("un") })).toThrow(/have 1, 2 and 1 lines/);
  });
});

describe("pictures and sound", () => {
  const grey = (...values: number[]): Uint8Array => encodePng({ dtype: "float32", shape: [1, 1, values.length], data: Float32Array.from(values) });

  test("slices and their labels", () => {
    const { host } = decodeSlices([{ image: grey(0.2, 1), label: grey(1, 0) }, { image: grey(0, 0.4), label: grey(0, 1) }]);
    expect(host.x).toStrictEqual({ dtype: "float32", shape: [2, 1, 1, 2], data: Float32Array.of(0.2, 1, 0, 0.4) });
    expect(host.y).toStrictEqual({ dtype: "int32", shape: [2, 1, 2], data: Int32Array.of(1, 0, 0, 1) });
    expect(() => decodeSlices([{ image: grey(0, 1), label: grey(0) }])).toThrow(/^label 0: the picture is \[1, 1\], the first one \[1, 2\]/);
    const colours = encodePng({ dtype: "float32", shape: [3, 1, 1], data: new Float32Array(3) });
    expect(() => decodeSlices([{ image: colours, label: grey(0) }])).toThrow(/^image 0: the picture has 3 channels/);
  });

  test("clips with what is said in them", () => {
    expect(decodeTranscripts(bytes("a|1 x|one x\n"))).toStrictEqual([{ id: "a", text: "1 x", normalized: "one x" }]);
    expect(() => decodeTranscripts(bytes("a|b|c\nd|e"))).toThrow(/line 2 has 2 parts between bars, not 3/);
    const wav = encodeWav({ sampleRate: 8000, samples: { dtype: "float32", shape: [1, 2], data: Float32Array.of(0.5, -0.5) } });
    const { clips } = datasets["ljspeech-four"].decode((path) => (path.endsWith(".csv") ? bytes("a|b|c") : wav));
    expect([clips[0].id, clips[0].sampleRate, clips[0].samples.data]).toStrictEqual(["a", 8000, Float32Array.of(0.5, -0.5)]);
  });

  test("CIFAR-10 comes as a tar, and a part that is missing is named", () => {
    const tar = new Uint8Array(1024);
    expect(() => datasets.cifar10.decode(() => new Uint8Array(gzipSync(tar)))).toThrow(/cifar-10-binary\.tar\.gz: there is no data_batch_1\.bin in it/);
  });
});
