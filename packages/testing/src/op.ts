import { grad, gradcheck, gradgradcheck } from "@dl/autograd";
import { checkOptions } from "@dl/registry";
import { createReferenceBackend, isFloat, showShape, tensor } from "@dl/tensor";
import type { Backend, Example, Nested, Op, Tensor } from "@dl/tensor";
import { CheckError } from "./check.js";
import type { Check } from "./check.js";
import { expectEqual, identical, valueOf, within } from "./compare.js";
import type { Value } from "./compare.js";
import { guarded } from "./guard.js";
import { layOut } from "./layout.js";
import type { Layout } from "./layout.js";
import { sampleInputs } from "./sample.js";

export interface OpOptions {
  /** Allowed error of gradients, absolute plus relative. Default 1e-6. */
  readonly tolerance?: number;
}

/** One example of an op, with what its checks share. Everything runs on the reference backend: float64 lives there. */
interface Subject {
  readonly example: Example;
  /** Such as `matmul #2`. */
  readonly title: string;
  readonly backend: Backend;
  readonly tolerance: number;
}

type Verdict = (subject: Subject) => void | Promise<void>;

const narrow = ({ example, backend }: Subject): Tensor[] => sampleInputs(example.op.name, example, { backend });
const wide = ({ example, backend }: Subject): Tensor[] => sampleInputs(example.op.name, example, { backend, wide: true });

const copyOf = ({ shape, dtype, data }: Value): Value => ({ shape, dtype, data: Float64Array.from(data) });

async function valuesOf(tensors: readonly Tensor[]): Promise<Value[]> {
  return (await Promise.all(tensors.map(valueOf))).map(copyOf);
}

const leaves = (values: Nested): (number | boolean)[] => (typeof values === "object" ? values.flatMap(leaves) : [values]);

const matchesExpected = (expected: Nested): Verdict => async (subject) => {
  const { example, title, backend } = subject;
  const wanted = await valueOf(tensor(expected, { dtype: "float64", backend }));
  const truth = leaves(expected).some((leaf) => typeof leaf === "boolean");
  for (const inputs of [narrow(subject), wide(subject)]) {
    const output = example.call(inputs);
    expectEqual(`${title} in ${inputs.at(0)?.dtype ?? "float32"}`, await valueOf(output), wanted, within(example.tolerance ?? 1e-5), "Mend the forward, or the expectation");
    if (truth && output.dtype !== "bool") throw new CheckError(title, `the output is ${output.dtype}, not bool`, "Mend the dtype, or expect numbers");
  }
};

const throwsMessage = (message: string): Verdict => (subject) => {
  const { example, title } = subject;
  let output: Tensor;
  try {
    output = example.call(narrow(subject));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    if (found.includes(message)) return;
    throw new CheckError(title, `it throws "${found}", which does not contain "${message}"`, "Mend the message, or the example");
  }
  throw new CheckError(title, `it gives a tensor of shape ${showShape(output.shape)} where it should throw "${message}"`, "Refuse these inputs");
};

const staysFinite: Verdict = async (subject) => {
  const { example, title } = subject;
  const inputs = narrow(subject);
  const values = await valuesOf(inputs);
  if (!values.every(({ data }) => Array.from(data).every(Number.isFinite))) return;
  const { data } = await valueOf(example.call(inputs));
  const bad = Array.from(data).find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new CheckError(title, `finite inputs give ${bad}`, "Use a stable formula, or say so in the example's expect");
};

const isDeterministic: Verdict = async (subject) => {
  const { example, title } = subject;
  const [first, second] = [example.call(narrow(subject)), example.call(narrow(subject))];
  expectEqual(title, await valueOf(second), await valueOf(first), identical, "The same inputs must give the same bits; take randomness as an input");
};

const leavesInputsAlone: Verdict = async (subject) => {
  const { example, title } = subject;
  const inputs = narrow(subject);
  const before = await valuesOf(inputs);
  example.call(inputs);
  const after = await valuesOf(inputs);
  after.forEach((value, i) => { expectEqual(`${title}, input ${i} after the call`, value, before[i], identical, "Tensors are values: write to the output only"); });
};

const shapeRuleFitsKernel: Verdict = async (subject) => {
  const { example, title } = subject;
  const backend = guarded(subject.backend);
  const output = example.call(sampleInputs(example.op.name, example, { backend }));
  const { data } = await valueOf(output);
  if (data.length !== output.size) throw new CheckError(title, `shape ${showShape(output.shape)} holds ${data.length} elements`, "Mend the shape rule");
  const wideShape = showShape(example.call(sampleInputs(example.op.name, example, { backend, wide: true })).shape);
  if (wideShape !== showShape(output.shape)) {
    throw new CheckError(title, `the shape is ${showShape(output.shape)} for float32 and ${wideShape} for float64`, "Shapes must not depend on values or dtypes");
  }
};

const relaid = (x: Tensor, layout: Layout): Tensor => layOut(layout, { data: x.dataSync(), shape: x.shape, dtype: x.dtype, backend: x.backend });

/** Marks float inputs and gives the gradients of a fixed, irregular combination of the outputs. */
function gradientsOf(example: Example, inputs: readonly Tensor[]): Tensor[] {
  const floats = inputs.filter((x) => isFloat(x.dtype));
  for (const x of floats) x.requiresGrad = true;
  const output = example.call(inputs);
  const direction = tensor(Float64Array.from({ length: output.size }, (_, i) => Math.sin(i + 1)), { shape: output.shape, dtype: output.dtype, backend: output.backend });
  return grad(output, floats, { gradOutputs: [direction], allowUnused: true });
}

const ignoresLayout = (layout: Layout): Verdict => async (subject) => {
  const { example, title } = subject;
  const inputs = wide(subject);
  const moved = (): Tensor[] => inputs.map((x) => relaid(x, layout));
  const where = `${title} of ${layout} inputs`;
  const fix = "Read inputs through their strides and offset";
  expectEqual(where, await valueOf(example.call(moved())), await valueOf(example.call(inputs)), within(1e-9), fix);
  if (!hasGradient(example, inputs)) return;
  const expected = await valuesOf(gradientsOf(example, inputs));
  const actual = await valuesOf(gradientsOf(example, moved()));
  actual.forEach((value, i) => { expectEqual(`gradient ${i} of ${where}`, value, expected[i], within(1e-9), fix); });
};

/** Whether numeric gradients say something about the example. */
function hasGradient(example: Example, inputs: readonly Tensor[]): boolean {
  if (!mayHaveGradient(example) || !inputs.some((x) => isFloat(x.dtype))) return false;
  return isFloat(example.call(inputs).dtype);
}

const mayHaveGradient = ({ op, gradient, throws }: Example): boolean => op.differentiable && gradient !== false && throws === undefined;

/** Whether `testOp` compares this example's gradients with numeric ones. */
export const isGradientChecked = (example: Example): boolean =>
  mayHaveGradient(example) && hasGradient(example, sampleInputs(example.op.name, example, { backend: createReferenceBackend(), wide: true }));

const gradientIs = (check: typeof gradcheck): Verdict => (subject) => {
  const { example, tolerance } = subject;
  const inputs = wide(subject);
  if (hasGradient(example, inputs)) check((...points) => example.call(points), inputs, { tolerance });
};

function verdictsOf(example: Example): Readonly<Record<string, Verdict>> {
  const { expect, throws } = example;
  if (throws !== undefined) return { "refuses bad input": throwsMessage(throws) };
  const mayOverflow = expect !== undefined && leaves(expect).some((leaf) => typeof leaf === "number" && !Number.isFinite(leaf));
  return {
    ...(expect !== undefined && { values: matchesExpected(expect) }),
    "shape rule": shapeRuleFitsKernel,
    ...(!mayOverflow && { finite: staysFinite }),
    deterministic: isDeterministic,
    "inputs unchanged": leavesInputsAlone,
    "transposed inputs": ignoresLayout("transposed"),
    "offset inputs": ignoresLayout("offset"),
    ...(mayHaveGradient(example) && { gradient: gradientIs(gradcheck), "second gradient": gradientIs(gradgradcheck) }),
  };
}

/**
 * Checks an op on its examples: expected values and refusals, the shape rule against the kernel, strided inputs, determinism,
 * inputs left alone, and in float64 the gradients of first and second order.
 * @param examples those of other ops are left out
 */
export function testOp(op: Op, examples: readonly Example[], options: OpOptions = {}): Check[] {
  checkOptions("testOp", options, ["tolerance"]);
  const { tolerance = 1e-6 } = options;
  const own = examples.filter((example) => example.op === op);
  const backend = createReferenceBackend();
  const presence: Check = {
    name: `${op.name}: has examples`,
    run: () => {
      if (own.length === 0) throw new CheckError(op.name, "the op has no examples", "Add one beside it: example(op, { shapes: [[2, 3]] })");
    },
  };
  const checks = own.flatMap((example, i) => {
    const subject: Subject = { example, title: `${op.name} #${i}`, backend, tolerance };
    return Object.entries(verdictsOf(example)).map(([name, verdict]): Check => ({ name: `${subject.title}: ${name}`, run: () => verdict(subject) }));
  });
  return [presence, ...checks];
}
