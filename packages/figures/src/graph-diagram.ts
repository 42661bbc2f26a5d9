import dagre from "@dagrejs/dagre";
import { ValueError } from "@dl/registry";
import { colours, element, ink, path, picture, text } from "./svg.js";

export interface DiagramNode {
  readonly id: number | string;
  /** The first line is bold. */
  readonly lines: readonly string[];
}

export interface DiagramEdge {
  readonly from: number | string;
  readonly to: number | string;
  readonly label?: string;
}

export interface DiagramOptions {
  readonly title: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

const line = 16;
const padding = 10;
const widthOf = (lines: readonly string[]): number => Math.max(...lines.map(({ length }) => length)) * 7.2 + 2 * padding;

function box({ lines }: DiagramNode, { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): string {
  const own = lines.map((content, i) => text(content, { x, y: y - height / 2 + padding + 10 + line * i, "text-anchor": "middle", "font-weight": i === 0 ? "bold" : undefined }));
  return element("g", {}, element("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 6, fill: "#f4f8fb", stroke: colours[0] }), ...own);
}

/**
 * Boxes and arrows from left to right, laid out by dagre, as SVG text.
 * @throws ValueError for an edge to a node that is not there, and without nodes
 */
export function graphDiagram({ title, nodes, edges }: DiagramOptions): string {
  const ids = new Set(nodes.map(({ id }) => id));
  if (nodes.length === 0) throw new ValueError("graphDiagram", "there are no nodes", "Give at least one");
  for (const { from, to } of edges) if (!ids.has(from) || !ids.has(to)) throw new ValueError("graphDiagram", `the edge from ${from} to ${to} ends at no node`, "Name nodes by their ids", { from, to });
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 24, ranksep: 48, marginx: 12, marginy: 34 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, lines } of nodes) graph.setNode(`${id}`, { width: widthOf(lines), height: line * lines.length + padding });
  for (const { from, to } of edges) graph.setEdge(`${from}`, `${to}`);
  dagre.layout(graph);
  const { width = 100, height = 100 } = graph.graph();
  const arrows = edges.map(({ from, to, label }) => {
    const { points } = graph.edge(`${from}`, `${to}`);
    const middle = points[Math.floor(points.length / 2)];
    const arrow = element("path", { d: path(points.map(({ x, y }) => [x, y] as const)), fill: "none", stroke: ink, "marker-end": "url(#arrow)" });
    return label === undefined ? arrow : element("g", {}, arrow, text(label, { x: middle.x, y: middle.y - 5, "text-anchor": "middle", "font-size": 11 }));
  });
  const head = element("marker", { id: "arrow", viewBox: "0 0 10 10", refX: 10, refY: 5, markerWidth: 8, markerHeight: 8, orient: "auto" }, element("path", { d: "M0 0L10 5L0 10Z", fill: ink }));
  return picture(width, height, title, head, text(title, { x: 12, y: 20, "font-size": 14, "font-weight": "bold" }), ...arrows, ...nodes.map((node) => box(node, graph.node(`${node.id}`))));
}
