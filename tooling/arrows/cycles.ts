export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** One path `a, b, …, a` for every back edge that a depth-first walk meets: none exactly when the graph has no cycle. */
export function cycles(graph: Graph): string[][] {
  const found: string[][] = [];
  const finished = new Set<string>();
  const path: string[] = [];

  const visit = (node: string): void => {
    const start = path.indexOf(node);
    if (start !== -1) {
      found.push([...path.slice(start), node]);
      return;
    }
    if (finished.has(node)) return;
    path.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    path.pop();
    finished.add(node);
  };

  for (const node of graph.keys()) visit(node);
  return found;
}
