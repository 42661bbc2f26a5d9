import { grad } from "@dl/autograd";
import { ValueError, checkOptions, unknownName } from "@dl/registry";
import { createReferenceBackend, isFloat, tensor } from "@dl/tensor";
import { coreExamples } from "@dl/tensor/ops";
import type { Backend, BackendFactory, DType, Example, Tensor } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { expectEqual, identical, valueOf, within } from "../compare.js";
import type { Value } from "../compare.js";
import { sampleInputs } from "../sample.js";
import type { KernelCase } from "./kernel-case.js";
import { mapCases } from "./map-cases.js";
import { matmulCases } from "./matmul-cases.js";
import { memoryChecks } from "./memory-checks.js";
import { moveCases } from "./move-cases.js";
import { naiveBackend } from "./naive.js";
import { optionalCases } from "./order-cases.js";
import { reduceCases } from "./reduce-cases.js";

export interface Skip {
  /** An op, or a kernel of the contract such as "scatterAdd". */
  readonly op: string;
  /** Why; it is shown with the skipped checks. */
  readonly reason: string;
}

export interface BackendOptions {
  /** What the backend cannot do. Every entry needs a reason and must leave out something. */
  readonly skip?: readonly Skip[];
  /** What results are compared with. Default: the reference backend. */
  readonly oracle?: Backend;
}

/** The backend under test, and the one that knows the answers. */
interface Pair {
  readonly backend: Backend;
  readonly oracle: Backend;
}

type Source = Backend | BackendFactory;

async function open(source: Source): Promise<Backend> {
  if (!("create" in source)) return source;
  if (!(await source.isAvailable())) throw new CheckError("testBackend", `backend "${source.name}" is not available here`, "Do not register its suite here");
  return source.create();
}

/** The reference backend, remembering which dtypes were asked of it. */
function recording(): { readonly backend: Backend; readonly seen: Set<DType> } {
  const inner = createReferenceBackend();
  const seen = new Set<DType>();
  const backend: Backend = {
    ...inner,
    alloc: (dtype, size) => {
      seen.add(dtype);
      return inner.alloc(dtype, size);
    },
    write: (dtype, data) => {
      seen.add(dtype);
      return inner.write(dtype, data);
    },
  };
  return { backend, seen };
}

function dtypesOf(example: Example): ReadonlySet<DType> {
  const { backend, seen } = recording();
  const inputs = sampleInputs(example.op.name, example, { backend });
  if (example.throws === undefined) example.call(inputs);
  return seen;
}

const toleranceOf = ({ tolerance = 0 }: Example): number => Math.max(1e-4, tolerance);

const fixKernel = "Mend the kernel; the other value is the oracle's";

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

/** The output and the gradients of the float inputs, the latter along a fixed direction. */
async function resultsOf(example: Example, backend: Backend): Promise<Value[]> {
  const inputs = sampleInputs(example.op.name, example, { backend });
  const floats = inputs.filter((x) => isFloat(x.dtype));
  for (const x of floats) x.requiresGrad = true;
  const output = example.call(inputs);
  const hasGradient = example.op.differentiable && example.gradient !== false && output.requiresGrad;
  const gradients = hasGradient ? grad(output, floats, { gradOutputs: [directionLike(output)], allowUnused: true }) : [];
  return Promise.all([output, ...gradients].map(valueOf));
}

const directionLike = (x: Tensor): Tensor =>
  tensor(Float64Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)), { shape: x.shape, dtype: x.dtype, backend: x.backend });

function exampleCheck(example: Example, title: string, { backend, oracle }: Pair): Check {
  const { throws } = example;
  if (throws !== undefined) return { name: `${title}: refuses bad input`, run: () => refuses(example, title, backend, throws) };
  return {
    name: `${title}: values and gradients`,
    run: async () => {
      const expected = await resultsOf(example, oracle);
      const actual = await resultsOf(example, backend);
      actual.forEach((value, k) => {
        const where = `${k === 0 ? "the output" : `gradient ${k - 1}`} of ${title}`;
        if (value.dtype !== expected[k].dtype) throw new CheckError(where, `it is ${value.dtype}, not ${expected[k].dtype}`, fixKernel);
        expectEqual(where, value, expected[k], within(toleranceOf(example)), fixKernel);
      });
    },
  };
}

function kernelCheck({ kernel, name, tolerance = 0, run }: KernelCase, { backend, oracle }: Pair): Check {
  const title = `${kernel}: ${name}`;
  return {
    name: title,
    run: async () => {
      const read = async (from: Backend): Promise<Value> => {
        const view = run(from);
        return { shape: view.shape, dtype: view.dtype, data: await from.read(view) };
      };
      const [expected, actual, again] = [await read(oracle), await read(backend), await read(backend)];
      expectEqual(title, actual, expected, tolerance === 0 ? identical : within(tolerance), fixKernel);
      expectEqual(`${title}, a second time`, again, actual, identical, "The same call must give the same bits");
    },
  };
}

/** What a skip can name, with the check that it leaves out. */
type Named = readonly [op: string, check: Check];

function applySkips(named: readonly Named[], skips: readonly Skip[]): Check[] {
  const names = new Set(named.map(([op]) => op));
  for (const { op, reason } of skips) {
    if (!names.has(op)) throw unknownName("testBackend", "op to skip", op, names);
    if (reason.trim() === "") throw new ValueError("testBackend", `the skip of "${op}" has no reason`, "Write one");
  }
  const reasons = new Map(skips.map(({ op, reason }) => [op, reason]));
  return named.map(([op, check]) => {
    const reason = reasons.get(op);
    return reason === undefined ? check : { ...check, skip: reason };
  });
}

/**
 * A backend's whole test: every example of the core ops, with gradients, and every kernel of the contract on strided, stretched,
 * empty, large and special inputs, compared with the reference backend; the optional kernels that it has, compared with the naive
 * one; memory; each dtype that it declares.
 * What needs a dtype that the backend does not declare is outside of its suite.
 * @throws ValueError on a skip without a reason, UnknownNameError on one that leaves nothing out
 */
export async function testBackend(factory: () => Source | Promise<Source>, options: BackendOptions = {}): Promise<Check[]> {
  checkOptions("testBackend", options, ["skip", "oracle"]);
  const backend = await open(await factory());
  const pair: Pair = { backend, oracle: options.oracle ?? createReferenceBackend() };
  const { dtypes } = backend.capabilities;
  if (!dtypes.includes("float32")) throw new CheckError("testBackend", `backend "${backend.name}" does not declare float32`, "Every backend has float32");
  const declared = (needed: Iterable<DType>): boolean => [...needed].every((dtype) => dtypes.includes(dtype));

  const memory = memoryChecks(backend).map((check): Named => ["memory", check]);
  const kernelChecks = (cases: readonly KernelCase[], against: Pair): Named[] =>
    cases.filter((item) => declared(item.dtypes ?? [])).map((item) => [item.kernel, kernelCheck(item, against)]);
  const required = kernelChecks([...mapCases(), ...reduceCases(), ...matmulCases(), ...moveCases()], pair);
  // The oracle may lack what is optional; the naive backend has all of it.
  const optional = kernelChecks(optionalCases(backend), { backend, oracle: naiveBackend() });
  const examples = coreExamples()
    .map((example, i) => ({ example, title: `${example.op.name} (example ${i})` }))
    .filter(({ example }) => declared(dtypesOf(example)))
    .map(({ example, title }): Named => [example.op.name, exampleCheck(example, title, pair)]);
  return applySkips([...memory, ...required, ...optional, ...examples], options.skip ?? []);
}
