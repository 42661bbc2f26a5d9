import { grad } from "@dl/autograd";
import { BackendError } from "@dl/registry";
import { createReferenceBackend, isFloat, tensor } from "@dl/tensor";
import { coreExamples } from "@dl/tensor/ops";
import type { Backend, DType, Example, Tensor } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { expectEqual, valueOf, within } from "../compare.js";
import type { Value } from "../compare.js";
import { layOut } from "../layout.js";
import type { Layout } from "../layout.js";
import { sampleInputs } from "../sample.js";
import type { Pair } from "./kernel-checks.js";
import type { Named } from "./named.js";
import { needsOf, withinIntegers } from "./needs.js";
import type { Needs } from "./needs.js";
import { overriding } from "./tracked.js";

const toleranceOf = ({ tolerance = 0 }: Example): number => Math.max(1e-4, tolerance);

const fix = "Mend the kernel; the other value is the oracle's";

function refuses(example: Example, title: string, backend: Backend, message: string): void {
  try {
    example.call(sampleInputs(example.op.name, example, { backend }));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    if (found.includes(message)) return;
    throw new CheckError(title, `it throws "${found}", which does not contain "${message}"`, "Let the shape rule refuse first");
  }
  throw new CheckError(title, `it does not throw "${message}"`, "Let the shape rule refuse first");
}

interface Placement {
  readonly backend: Backend;
  readonly layout: Layout;
}

/** The example's inputs in memory as `layout` says; the elements come from the reference backend, which can be read at once. */
function inputsOf(example: Example, { backend, layout }: Placement): Tensor[] {
  if (layout === "contiguous") return sampleInputs(example.op.name, example, { backend });
  const samples = sampleInputs(example.op.name, example, { backend: createReferenceBackend() });
  return samples.map((x) => layOut(layout, { data: x.dataSync(), shape: x.shape, dtype: x.dtype, backend }));
}

/** The output and the gradients of the float inputs, the latter along a fixed direction. */
async function resultsOf(example: Example, placement: Placement): Promise<Value[]> {
  const inputs = inputsOf(example, placement);
  const floats = inputs.filter((x) => isFloat(x.dtype));
  for (const x of floats) x.requiresGrad = true;
  const output = example.call(inputs);
  const hasGradient = example.op.differentiable && example.gradient !== false && output.requiresGrad;
  const gradients = hasGradient ? grad(output, floats, { gradOutputs: [directionLike(output)], allowUnused: true }) : [];
  return Promise.all([output, ...gradients].map(valueOf));
}

const directionLike = (x: Tensor): Tensor =>
  tensor(Float64Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)), { shape: x.shape, dtype: x.dtype, backend: x.backend });

const layouts: readonly Layout[] = ["contiguous", "transposed"];

function exampleCheck(example: Example, title: string, { backend, oracle }: Pair, chosen: readonly Layout[]): Check {
  const { throws } = example;
  if (throws !== undefined) return { name: `${title}: refuses bad input`, run: () => refuses(example, title, backend, throws) };
  return {
    name: `${title}: values and gradients`,
    run: async () => {
      const expected = await resultsOf(example, { backend: oracle, layout: "contiguous" });
      for (const layout of chosen) {
        const actual = await resultsOf(example, { backend, layout });
        actual.forEach((value, k) => {
          const where = `${k === 0 ? "the output" : `gradient ${k - 1}`} of ${title} of ${layout} inputs`;
          if (value.dtype !== expected[k].dtype) throw new CheckError(where, `it is ${value.dtype}, not ${expected[k].dtype}`, fix);
          expectEqual(where, value, expected[k], within(toleranceOf(example)), fix);
        });
      }
    },
  };
}

/** Whether the example keeps its promise where memory cannot be read at once: some refusals look at values. */
function needsSyncRead(example: Example): boolean {
  const inner = createReferenceBackend();
  const backend = overriding(inner, { readSync: undefined, capabilities: { ...inner.capabilities, readSync: false } });
  try {
    example.call(sampleInputs(example.op.name, example, { backend }));
    return example.throws !== undefined;
  } catch (error) {
    if (example.throws !== undefined && error instanceof Error && error.message.includes(example.throws)) return false;
    if (example.throws !== undefined || error instanceof BackendError) return true;
    throw error;
  }
}

function callOnce(example: Example, backend: Backend): void {
  const inputs = sampleInputs(example.op.name, example, { backend });
  if (example.throws === undefined) example.call(inputs);
}

interface Known {
  readonly example: Example;
  readonly title: string;
  readonly needs: Needs;
}

let known: readonly Known[] | null = null;

/** Worked out once: it takes a call of every example. */
const knownExamples = (): readonly Known[] =>
  (known ??= coreExamples().map((example, i) => ({
    example,
    title: `${example.op.name} (example ${i})`,
    needs: needsOf((backend) => { callOnce(example, backend); }),
  })));

/**
 * Every example of the core ops, forward and backward, of contiguous and of transposed inputs. Outside are those of undeclared dtypes and,
 * where memory cannot be read at once, those that look at values.
 * @param isSmall whether each takes turns with the two instead
 */
export const exampleChecks = (pair: Pair, declared: (dtypes: Iterable<DType>) => boolean, isSmall: boolean): Named[] =>
  knownExamples()
    .filter(({ example, needs }) => declared(needs.dtypes) && (pair.backend.capabilities.readSync || !needsSyncRead(example)))
    .map(({ example, title, needs }, i) => [example.op.name, withinIntegers(exampleCheck(example, title, pair, isSmall ? [layouts[i % 2]] : layouts), needs, pair.backend)]);
