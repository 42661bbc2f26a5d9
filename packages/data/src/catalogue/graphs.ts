import { FormatError } from "@dl/registry";
import { unpackIfGzip } from "../codecs/gzip.js";
import { decodeText } from "../codecs/text.js";
import { github, type DatasetFile, type DownloadedDataset, type GeneratedDataset } from "./entry.js";
import { decodeEdges, decodeNodes, decodeTuGraphs, type LabelledGraph, type NodeGraph, type WeightedNodeGraph } from "./graph-data.js";
import { karateClub } from "./karate.js";

/** A graph with the nodes to train on, to choose by and to test on. */
export interface SplitNodeGraph extends NodeGraph {
  readonly splits: Readonly<Record<"train" | "val" | "test", Int32Array>>;
}

/** Many graphs with a class each, and the test graphs of ten folds. */
export interface GraphCollection {
  readonly graphs: readonly LabelledGraph[];
  readonly classNames: readonly string[];
  readonly folds: readonly Int32Array[];
}

const coraClasses = ["Theory", "Reinforcement_Learning", "Genetic_Algorithms", "Neural_Networks", "Probabilistic_Methods", "Case_Based", "Rule_Learning"];
const CORA_WORDS = 1433;
const coraFiles = { nodes: "graph/cora/nodes.tsv.gz", edges: "graph/cora/edges.tsv.gz" };
const rewritten = "data/ind.cora.* of kimiyoung/planetoid, rewritten as text: id, class and the positions of the words; from and to";

const range = (start: number, end: number): Int32Array => Int32Array.from({ length: end - start }, (_, i) => start + i);

/**
 * Cora from its two tables, with the public split: nodes 0 to 139 train, 140 to 639 choose, 1,708 to 2,707 test.
 * @throws FormatError with the line where a table is not that
 */
export function decodeCora(nodes: Uint8Array, edges: Uint8Array, where = { nodes: "nodes", edges: "edges" }): SplitNodeGraph {
  const read = decodeNodes(unpackIfGzip(nodes, where.nodes), CORA_WORDS, coraClasses.length, where.nodes);
  const splits = { train: range(0, 140), val: range(140, 640), test: range(1708, 2708) };
  return { ...read, edges: decodeEdges(unpackIfGzip(edges, where.edges), read.nodes, where.edges), classNames: coraClasses, splits };
}

const cora: DownloadedDataset<SplitNodeGraph> = {
  kind: "downloaded",
  area: "graphs",
  title: "Cora: papers that cite each other, by subject",
  classes: coraClasses,
  shape: [CORA_WORDS],
  samples: { all: 2708 },
  licence: "Not stated; the source repository is MIT",
  reference: "Sen and others, 2008, Collective classification in network data; split: Yang, Cohen and Salakhutdinov, 2016",
  files: [
    { path: coraFiles.nodes, urls: [], from: rewritten, bytes: 80_766, sha256: "6a85dbf12d9907fdb20a7203390a9d4d85c385a0a68d4ab033f0f6ddefc6d43b" },
    { path: coraFiles.edges, urls: [], from: rewritten, bytes: 18_126, sha256: "e6af3eafb368b07db9abef669cb7b8249c5aaddbb73789c331c4d60f9500d220" },
  ],
  decode: (bytesOf) => decodeCora(bytesOf(coraFiles.nodes), bytesOf(coraFiles.edges), coraFiles),
};

const karate: GeneratedDataset<WeightedNodeGraph> = {
  kind: "generated",
  area: "graphs",
  title: "Karate club: 34 friends, two sides, no download",
  classes: ["Mr. Hi", "Officer"],
  samples: { all: 34 },
  licence: "Not stated; part of networkx (BSD-3-Clause)",
  reference: "Zachary, 1977, An information flow model for conflict and fission in small groups",
  generate: () => karateClub(),
};

/** @throws FormatError unless the text is a JSON array of arrays of graph numbers */
export function decodeFolds(bytes: Uint8Array, graphs: number, where = "decodeFolds"): Int32Array[] {
  const refuse = (fact: string): FormatError => new FormatError(where, fact, "Give a JSON array of ten arrays of graph numbers");
  let folds: unknown;
  try {
    folds = JSON.parse(decodeText(bytes, "utf-8", where));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw refuse(`it is no JSON (${cause.message})`);
  }
  if (!Array.isArray(folds)) throw refuse("it is no array");
  return folds.map((fold: unknown, i) => {
    if (!Array.isArray(fold) || !fold.every((index) => Number.isInteger(index) && index >= 0 && index < graphs)) throw refuse(`fold ${i} is not of numbers in [0, ${graphs})`);
    return Int32Array.from(fold as number[]);
  });
}

function tu(name: string, title: string, count: number, classes: readonly string[], reference: string, files: readonly Required<Pick<DatasetFile, "bytes" | "sha256">>[]): DownloadedDataset<GraphCollection> {
  const [graphs, folds] = [`graph/tu/${name}.txt`, `graph/tu/${name}.folds.json`];
  const from = `the files data/${name}/10fold_idx/test_idx-1.txt to -10.txt of muhanzhang/pytorch_DGCNN, joined into a JSON array of ten arrays`;
  return {
    kind: "downloaded",
    area: "graphs",
    title,
    classes,
    samples: { all: count },
    licence: "Not stated; the source repository is MIT",
    reference,
    files: [
      { path: graphs, urls: [github("muhanzhang/pytorch_DGCNN", "master", `data/${name}/${name}.txt`)], ...files[0] },
      { path: folds, urls: [], from, ...files[1] },
    ],
    decode: (bytesOf) => {
      const read = decodeTuGraphs(bytesOf(graphs), graphs);
      return { graphs: read, classNames: classes, folds: decodeFolds(bytesOf(folds), read.length, folds) };
    },
  };
}

const mutag = /* @__PURE__ */ tu("MUTAG", "MUTAG: molecules, mutagenic or not", 188, ["0", "1"], "Debnath and others, 1991, J. Med. Chem. 34", [
  { bytes: 32_377, sha256: "5897dae243f6c773aab54ec99e86551c3b1e8601acef254714073042c632d30e" },
  { bytes: 636, sha256: "13bdc66fba010b888eb16d1c22f42fa30565879300a86e099cbc380dfa344e35" },
]);
const ptc = /* @__PURE__ */ tu("PTC", "PTC: molecules, carcinogenic or not", 344, ["0", "1"], "Toivonen and others, 2003, Bioinformatics 19", [
  { bytes: 89_912, sha256: "711729eaf2a5308752aa7c11062dd99f645f978afc400909a5927051b314ec55" },
  { bytes: 1273, sha256: "904e305c131fc6c12a259293a459d7acfbcfd738c504d47e5eff0dd4b5788588" },
]);
const proteins = /* @__PURE__ */ tu("PROTEINS", "PROTEINS: proteins, enzymes or not", 1113, ["0", "1"], "Borgwardt and others, 2005, Bioinformatics 21", [
  { bytes: 642_021, sha256: "ed0730f9bf9da68aa6a8c80f2f2b6ecea5d05791ca254c709f3efab3b45d937b" },
  { bytes: 4466, sha256: "815be74afe661c07b7f0b14895a6520136bb78c9b716360746c16bc96dc6c9a2" },
]);

export const graphs = { cora, karate, mutag, ptc, proteins };
