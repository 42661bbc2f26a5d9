import { FormatError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import { decodeLines } from "../codecs/text.js";

/** A graph of which nodes are classified. */
export interface NodeGraph {
  readonly nodes: number;
  /** int32 [2, E]: the ends of each undirected edge, once. */
  readonly edges: HostArray;
  /** float32 [nodes, F]. */
  readonly features: HostArray;
  /** int32 [nodes]. */
  readonly labels: HostArray;
  readonly classNames: readonly string[];
}

/** A graph whose edges have weights, [E]. */
export interface WeightedNodeGraph extends NodeGraph {
  readonly weights: Float32Array;
}

/** A graph that is classified as a whole. */
export interface LabelledGraph {
  readonly nodes: number;
  readonly edges: HostArray;
  /** A kind for each node, such as its chemical element, from 0. */
  readonly tags: Int32Array;
  readonly label: number;
}

/** int32 [2, E] from pairs of nodes. */
export function edgesOf(pairs: readonly (readonly number[])[]): HostArray {
  const data = new Int32Array(2 * pairs.length);
  pairs.forEach(([from, to], i) => {
    data[i] = from;
    data[pairs.length + i] = to;
  });
  return { dtype: "int32", shape: [2, pairs.length], data };
}

const wrong = (where: string, line: number, fact: string): FormatError => new FormatError(where, `line ${line}: ${fact}`, "Check the file", { line });

/** @throws FormatError with the line for anything but whole numbers in [0, limit) */
function wholeNumbers(texts: readonly string[], limit: number, where: string, line: number): number[] {
  return texts.map((text) => {
    const value = text === "" ? NaN : Number(text);
    if (!Number.isInteger(value) || value < 0 || value >= limit) throw wrong(where, line, `${JSON.stringify(text)} is no whole number in [0, ${limit})`);
    return value;
  });
}

/** Lines of `from <tab> to`. @throws FormatError with the line for a node that is not there */
export function decodeEdges(bytes: Uint8Array, nodes: number, where: string): HostArray {
  return edgesOf(decodeLines(bytes, { where }).map((line, i) => {
    const ends = line.split("\t");
    if (ends.length !== 2) throw wrong(where, i + 1, `there are ${ends.length} cells, not the two ends of an edge`);
    return wholeNumbers(ends, nodes, where, i + 1);
  }));
}

/** Lines of `id <tab> class <tab> positions of the features that are 1`. @throws FormatError with the line for others */
export function decodeNodes(bytes: Uint8Array, features: number, classes: number, where: string): Pick<NodeGraph, "features" | "labels" | "nodes"> {
  const lines = decodeLines(bytes, { where });
  const data = new Float32Array(lines.length * features);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, i) => {
    const [id, label, words = ""] = line.split("\t");
    if (Number(id) !== i) throw wrong(where, i + 1, `the node is ${JSON.stringify(id)}, the lines before were ${i} nodes`);
    [labels[i]] = wholeNumbers([label], classes, where, i + 1);
    for (const word of wholeNumbers(words.split(" ").filter(Boolean), features, where, i + 1)) data[i * features + word] = 1;
  });
  return {
    nodes: lines.length,
    features: { dtype: "float32", shape: [lines.length, features], data },
    labels: { dtype: "int32", shape: [lines.length], data: labels },
  };
}

const sortedValues = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Labels and tags become positions among the values there are, in their order: MUTAG's labels 0 and 2 become 0 and 1. */
function renumbered(graphs: readonly LabelledGraph[]): LabelledGraph[] {
  const labels = sortedValues(graphs.map(({ label }) => label));
  const tags = new Map(sortedValues(graphs.flatMap((graph) => [...graph.tags])).map((tag, i) => [tag, i]));
  return graphs.map((graph) => ({ ...graph, label: labels.indexOf(graph.label), tags: graph.tags.map((tag) => tags.get(tag) ?? -1) }));
}

/**
 * Graphs in the text form of the TU collection as DGCNN has it: the number of graphs; per graph `nodes label`, then for each node
 * `tag degree neighbours…`. Each undirected edge is kept once; labels and tags are numbered from 0 in the order of their values.
 * @throws FormatError with the line where the text is not that
 */
export function decodeTuGraphs(bytes: Uint8Array, where = "decodeTuGraphs"): LabelledGraph[] {
  const lines = decodeLines(bytes, { where });
  let at = 0;
  const next = (limit = Infinity): number[] => {
    if (at >= lines.length) throw wrong(where, at + 1, "the file ends too early");
    return wholeNumbers(lines[at].trim().split(/\s+/), limit, where, ++at);
  };
  const [count] = next();
  const graphs = Array.from({ length: count }, () => {
    const [nodes, label] = next();
    const tags = new Int32Array(nodes);
    const pairs: number[][] = [];
    for (let node = 0; node < nodes; node++) {
      const [tag, degree, ...neighbours] = next();
      if (neighbours.length !== degree) throw wrong(where, at, `${neighbours.length} neighbours for a degree of ${degree}`);
      tags[node] = tag;
      for (const other of neighbours) {
        if (other >= nodes) throw wrong(where, at, `neighbour ${other} is none of the ${nodes} nodes`);
        if (node < other) pairs.push([node, other]);
      }
    }
    return { nodes, edges: edgesOf(pairs), tags, label };
  });
  if (at !== lines.length) throw wrong(where, at + 1, `the file goes on behind its ${count} graphs`);
  return renumbered(graphs);
}
