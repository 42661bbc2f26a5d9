import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator, HostArray } from "@dl/tensor";
import { begin, between, floats, ints, type GeneratorOptions } from "./common.js";

export interface ShortestPathOptions extends GeneratorOptions {
  /** Fewest nodes of a graph, from 2. Default 6. */
  readonly least?: number;
  /** Most nodes. Default 12. */
  readonly most?: number;
  /** Chance of each further connection beyond the tree that keeps the graph in one piece. Default 0.2. */
  readonly density?: number;
}

/** A graph whose connections can be gone both ways: each is two directed edges. E edges, V nodes. */
export interface ShortestPathGraph {
  readonly nodes: number;
  /** int32 [2, E]: from, to. */
  readonly edges: HostArray;
  /** float32 [E]: lengths from 1 to 10, the same both ways. */
  readonly weights: HostArray;
  readonly start: number;
  readonly end: number;
  /** Nodes of the shortest path, from start to end. */
  readonly path: readonly number[];
  /** Sum of the weights along it. */
  readonly distance: number;
  /** int32 [V]: 1 on the path. */
  readonly nodeLabels: HostArray;
  /** int32 [E]: 1 where the path goes along the edge, in its direction. */
  readonly edgeLabels: HostArray;
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** A random tree, and each other pair of nodes with the chance `density`. */
function connect(random: Generator, nodes: number, density: number): Edge[] {
  const edges: Edge[] = [];
  for (let to = 1; to < nodes; to++) {
    const parent = random.int(to);
    for (let from = 0; from < to; from++) {
      if (from !== parent && random.uniform() >= density) continue;
      const weight = Math.fround(between(random, 1, 10));
      edges.push({ from, to, weight }, { from: to, to: from, weight });
    }
  }
  return edges;
}

/** The nearest node to the start that is not settled yet. */
const nearest = (distances: readonly number[], settled: ReadonlySet<number>): number =>
  distances.reduce((best, distance, node) => (!settled.has(node) && (best < 0 || distance < distances[best]) ? node : best), -1);

/** The way from start to end with the least sum of weights (Dijkstra, 1959), which must exist. */
function shortestPath(nodes: number, edges: readonly Edge[], start: number, end: number): { path: number[]; distance: number } {
  const distances = new Array<number>(nodes).fill(Infinity);
  const before = new Array<number>(nodes).fill(-1);
  const settled = new Set<number>();
  distances[start] = 0;
  while (!settled.has(end)) {
    const node = nearest(distances, settled);
    settled.add(node);
    for (const { from, to, weight } of edges) {
      if (from !== node || distances[node] + weight >= distances[to]) continue;
      distances[to] = distances[node] + weight;
      before[to] = node;
    }
  }
  const path = [end];
  while (path[0] !== start) path.unshift(before[path[0]]);
  return { path, distance: distances[end] };
}

function graph(random: Generator, nodes: number, density: number): ShortestPathGraph {
  const edges = connect(random, nodes, density);
  const [start, end] = random.permutation(nodes);
  const { path, distance } = shortestPath(nodes, edges, start, end);
  const onPath = ({ from, to }: Edge): number => Number(path.some((node, i) => node === from && path[i + 1] === to));
  return {
    nodes,
    edges: ints([2, edges.length], Int32Array.from([...edges.map(({ from }) => from), ...edges.map(({ to }) => to)])),
    weights: floats([edges.length], Float32Array.from(edges, ({ weight }) => weight)),
    start,
    end,
    path,
    distance,
    nodeLabels: ints([nodes], Int32Array.from({ length: nodes }, (_, node) => Number(path.includes(node)))),
    edgeLabels: ints([edges.length], Int32Array.from(edges, onPath)),
  };
}

/**
 * Connected random graphs with lengths on their edges, two nodes, and the shortest path between them as labels of nodes and edges:
 * the example with which Battaglia et al., 2018, Relational inductive biases, introduce graph networks. 100 samples by default.
 * @throws ValueError for counts that are not whole, least below 2 or above most, or a density outside of 0 to 1
 */
export function shortestPathGraphs(options: ShortestPathOptions = {}): ShortestPathGraph[] {
  const where = "shortestPathGraphs";
  const { samples = 100, least = 6, most = 12, density = 0.2 } = options;
  const random = begin(where, options, ["least", "most", "density"], samples);
  checkWhole(where, "least", least, 2);
  checkWhole(where, "most", most, least);
  checkNumber(where, "density", density, 0, 1);
  return Array.from({ length: samples }, () => graph(random, least + random.int(most - least + 1), density));
}
