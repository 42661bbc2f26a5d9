import type { Tensor } from "@dl/tensor";
import type { GoldenCase, StoredNode, StoredTensor } from "./cases.js";
import { OnnxNode } from "./onnx/node.js";
import type { Attribute, Attributes, Operators } from "./onnx/node.js";
import { difference, isOurs, toTensor } from "./stored-tensor.js";

/** What came of a case. `foreign`: it needs a dtype that we do not have. */
export type Outcome = { readonly kind: "passed" | "unmapped" | "foreign" } | { readonly kind: "failed"; readonly why: string };

type StoredAttribute = StoredNode["attrs"][string];

const isStoredTensor = (value: StoredAttribute): value is StoredTensor => typeof value === "object" && "data" in value;

const toAttribute = (value: StoredAttribute): Attribute => (isStoredTensor(value) ? toTensor(value) : value);

async function evaluate({ op, inputs, outputs, attrs }: StoredNode, known: Map<string, Tensor>, opset: number, operators: Operators): Promise<void> {
  const attributes: Attributes = Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, toAttribute(value)]));
  const results = await operators[op](new OnnxNode(op, inputs.map((name) => known.get(name)), attributes, opset, outputs.length));
  [results].flat().forEach((result, i) => { if (i < outputs.length) known.set(outputs[i], result); });
}

async function differences({ nodes, tensors, outputs, opset, rtol, atol }: GoldenCase, operators: Operators): Promise<string[]> {
  const known = new Map(Object.entries(tensors).map(([name, stored]) => [name, toTensor(stored)]));
  for (const node of nodes) await evaluate(node, known, opset, operators);
  return Object.entries(outputs).flatMap(([name, expected]) => {
    const actual = known.get(name);
    const wrong = actual === undefined ? "was not computed" : difference(actual, expected, { rtol, atol });
    return wrong === undefined ? [] : [`${name}: ${wrong}`];
  });
}

function storedTensors({ nodes, tensors, outputs }: GoldenCase): StoredTensor[] {
  const constants = nodes.flatMap(({ attrs }) => Object.values(attrs).filter(isStoredTensor));
  return [...Object.values(tensors), ...Object.values(outputs), ...constants];
}

/** Computes the case with `operators` and compares. What an operator throws makes the case fail. */
export async function runCase(golden: GoldenCase, operators: Operators): Promise<Outcome> {
  if (golden.nodes.some(({ op }) => !Object.hasOwn(operators, op))) return { kind: "unmapped" };
  if (!storedTensors(golden).every(isOurs)) return { kind: "foreign" };
  try {
    const wrong = await differences(golden, operators);
    return wrong.length === 0 ? { kind: "passed" } : { kind: "failed", why: wrong.join("; ") };
  } catch (error) {
    return { kind: "failed", why: `threw ${String(error)}` };
  }
}
