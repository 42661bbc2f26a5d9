import type { Tensor } from "@dl/tensor";
import { tape } from "./engine.js";

export interface GraphNode {
  readonly id: number;
  /** The op that made it, or "leaf". */
  readonly op: string;
  readonly name: string | null;
  readonly shape: readonly number[];
  /** The value of a tensor with one element. */
  readonly value: number | null;
  /** ∂loss/∂node of a tensor with one element, once `backward` kept it. */
  readonly gradient: number | null;
  readonly inputs: readonly number[];
}

const scalarOf = (x: Tensor | null): number | null => (x?.size === 1 ? x.item() : null);

/**
 * Every node of the graph that leads to `output`, in order of computation.
 * @param names labels for tensors, as in `{ a, b, c }`
 */
function trace(output: Tensor, names: Readonly<Record<string, Tensor>> = {}): GraphNode[] {
  const labels = new Map(Object.entries(names).map(([name, x]) => [x, name]));
  return tape([output]).map((x) => ({
    id: x.id,
    op: x.origin?.name ?? "leaf",
    name: labels.get(x) ?? null,
    shape: x.shape,
    value: scalarOf(x),
    gradient: scalarOf(x.grad),
    inputs: x.origin === null || x.origin.isReleased ? [] : x.origin.inputs.filter((input) => input.requiresGrad).map((input) => input.id),
  }));
}

const shorten = (value: number): string => String(Number(value.toPrecision(6)));

function labelOf({ op, name, shape, value, gradient }: GraphNode): string {
  const title = name === null ? op : `${name} (${op})`;
  const facts = value === null ? [`[${shape.join(", ")}]`] : [`value ${shorten(value)}`];
  if (gradient !== null) facts.push(`grad ${shorten(gradient)}`);
  return [title, ...facts].join("\\n");
}

/** The graph in Graphviz's DOT language, with each node's op, value and gradient. Call it before the graph is freed, or with `retainGraph`. */
function toDot(output: Tensor, names: Readonly<Record<string, Tensor>> = {}): string {
  const nodes = trace(output, names);
  const lines = nodes.map((node) => `  n${node.id} [label="${labelOf(node).replaceAll('"', '\\"')}"];`);
  const edges = nodes.flatMap((node) => node.inputs.map((input) => `  n${input} -> n${node.id};`));
  return ["digraph {", "  rankdir=LR; node [shape=box];", ...lines, ...edges, "}"].join("\n");
}

/** Pictures of the graph behind a tensor. */
export const graph = { toDot, trace };
