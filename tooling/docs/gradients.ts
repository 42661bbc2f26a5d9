// docs/gradients.md, worked out from the registry: every op without a gradient, and why it has none.
import { createReferenceBackend, isFloat, tensor, withGradMode } from "@dl/tensor";
import type { Example, Nested, Op, Tensor } from "@dl/tensor";
import { coreExamples, coreOps } from "@dl/tensor/ops";

export type Reason = "truth" | "whole" | "steps";

const explanations: Readonly<Record<Reason, { readonly title: string; readonly why: string }>> = {
  truth: { title: "Truth values", why: "The output is true or false: it has no size that could change a little." },
  whole: { title: "Positions and counts", why: "The output is a whole number, a position, a label or a count: it moves in jumps." },
  steps: { title: "Steps", why: "The output is a float that stays the same between jumps: the gradient is 0 wherever it exists. (Measured: a small step of the input changes nothing.)" },
};

const backend = createReferenceBackend();

const drawn = (shape: readonly number[], [low, high]: readonly [number, number]): Float64Array =>
  Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => low + ((high - low) * (1 + Math.sin(3 * i + 1))) / 2);

/** The inputs of an example, floats in float64. */
function inputsOf({ inputs, shapes = [], dtypes = [], range = [-2, 2] }: Example): Tensor[] {
  const make = (values: Nested | Float64Array, i: number, shape?: readonly number[]): Tensor => {
    const plain = tensor(values, { backend, ...(shape && { shape }) });
    const wanted = dtypes[i] ?? (plain.dtype === "bool" ? "bool" : "float64");
    return plain.to(wanted === "float32" ? "float64" : wanted);
  };
  return inputs === undefined ? shapes.map((shape, i) => make(drawn(shape, range), i, shape)) : inputs.map((values, i) => make(values, i));
}

/** Whether the output stays as it is when a float input moves by 1e-6 to either side: the inputs' own values may lie on a jump. */
function isFlat(example: Example, inputs: readonly Tensor[]): boolean {
  const off = inputs.map((x) => (isFloat(x.dtype) ? x.add(0.123) : x));
  const at = (by: number): string => withGradMode(false, () => String(example.call(off.map((x) => (isFloat(x.dtype) ? x.add(by) : x))).dataSync()));
  return at(1e-6) === at(-1e-6);
}

/** Why an op has no gradient; `null` when no reason holds, and a backward was forgotten. */
export function reasonFor(op: Op): Reason | null {
  const examples = coreExamples().filter((example) => example.op === op && example.throws === undefined);
  const found = examples.map((example): Reason | null => {
    const inputs = inputsOf(example);
    const { dtype } = example.call(inputs);
    if (dtype === "bool") return "truth";
    if (!isFloat(dtype)) return "whole";
    return isFlat(example, inputs) ? "steps" : null;
  });
  return found.includes(null) ? null : (found.find((reason) => reason === "steps") ?? found.at(0) ?? null);
}

export const withoutGradient = (): Op[] => Object.values(coreOps()).filter((op) => !op.differentiable);

/** The page. */
export function gradientsPage(): string {
  const all = Object.values(coreOps());
  const reasons = withoutGradient().map((op) => [op.name, reasonFor(op)] as const);
  const sections = (Object.keys(explanations) as Reason[]).flatMap((kind) => {
    const names = reasons.filter(([, reason]) => reason === kind).map(([name]) => `\`${name}\``).sort();
    return names.length === 0 ? [] : [`## ${explanations[kind].title}`, "", explanations[kind].why, "", `${names.join(", ")}.`, ""];
  });
  return [
    "# Gradients",
    "",
    "Written by `pnpm docs:gradients` from the registry of ops; a test compares it with what the ops say.",
    "",
    `Of ${all.length} ops ${all.length - reasons.length} have a gradient, checked against numeric differences to second order in float64. The other ${reasons.length} have none, on purpose:`,
    "",
    ...sections,
  ].join("\n");
}
