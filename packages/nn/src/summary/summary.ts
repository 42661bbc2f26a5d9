import { flopsOf } from "@dl/autograd";
import { ShapeError, checkOptions } from "@dl/registry";
import { checkShape, showShape, state, withGradMode, zeros } from "@dl/tensor";
import type { DType, Shape, Tensor } from "@dl/tensor";
import { registerForwardHook, registerForwardPreHook } from "../module/hooks.js";
import type { Module } from "../module/module.js";
import { membersOf, modulesOf, tensorsOf } from "../module/walk.js";
import { isParameter } from "../module/parameter.js";
import { tensorsIn, typeName } from "./describe.js";
import { formatTable } from "./table.js";
import type { Line } from "./table.js";
import { memoriesOf, tensorsBefore } from "./tape.js";

export interface SummaryRow {
  /** Key of the module; "" for the model itself. */
  readonly path: string;
  /** The class's `type`, or its name. */
  readonly type: string;
  /** `null` when the output is no tensor, or the module did not run. */
  readonly outputShape: Shape | null;
  /** Elements of the module's own parameters, without those below it. */
  readonly parameters: number;
  /** Floating-point operations of one forward, with those below it; see `Summary.flops`. */
  readonly flops: number;
  /** Bytes of what it computed, with those below it, that a backward keeps; see `Summary.memory`. */
  readonly memory: number;
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Elements of all parameters, each counted once. */
  readonly parameters: number;
  /** Of these, those that are learnt. */
  readonly trainable: number;
  /** Floating-point operations of one forward: a multiplication and an addition are two, exp and the like one each. */
  readonly flops: number;
  /**
   * Activation memory in bytes: all distinct memory that the graph holds until backward, the inputs included, parameters and buffers
   * not. It grows with the batch. As evaluation is watched, masks of dropout and statistics of a batch are not in it.
   */
  readonly memory: number;
  /** A table. */
  toString(): string;
}

/** Something more to show of each module. */
export interface SummaryColumn {
  readonly title: string;
  /** What stands in a module's line. */
  readonly cell: (row: SummaryRow) => string;
}

export interface SummaryOptions {
  /** Dtype of the inputs. Default float32; int32 for models that take indices. */
  readonly dtype?: DType;
  /** Columns at the right of the printed table, beside those that are always there. */
  readonly columns?: readonly SummaryColumn[];
}

/** One call of a module: the tensors made during it have numbers in (from, to]. */
interface Call {
  readonly from: number;
  to: number;
  output: unknown;
}

const elementsOf = (tensors: readonly Tensor[]): number => tensors.reduce((sum, x) => sum + x.size, 0);

const ownParameters = (module: Module): Tensor[] => [...membersOf(module)].flatMap(({ value }) => (isParameter(value) ? [value] : []));

/** Runs the model once in evaluation mode, and notes when each module ran. */
function observe(model: Module, modules: readonly Module[], inputs: readonly Tensor[]): Map<Module, Call[]> {
  const calls = new Map<Module, Call[]>(modules.map((module) => [module, []]));
  const modes = modules.map((module) => module.training);
  const handles = modules.flatMap((module) => {
    const own: Call[] = calls.get(module) ?? [];
    return [
      registerForwardPreHook(module, () => {
        own.push({ from: state.nextId, to: Infinity, output: null });
        return undefined;
      }),
      registerForwardHook(module, (_, __, output) => {
        const open = own.findLast(({ to }) => to === Infinity);
        if (open !== undefined) Object.assign(open, { to: state.nextId, output });
      }),
    ];
  });
  try {
    model.eval();
    withGradMode(true, () => { (model as { forward(...given: readonly Tensor[]): unknown }).forward(...inputs); });
  } finally {
    for (const handle of handles) handle.remove();
    modules.forEach((module, i) => { module.training = modes[i]; });
  }
  return calls;
}

function inputsFor(model: Module, given: Shape | readonly Shape[], dtype: DType): Tensor[] {
  const shapes = (given.every((size) => typeof size === "number") ? [given] : given);
  const backend = model.parameters().at(0)?.backend;
  return shapes.map((shape) => {
    checkShape("summary", shape);
    const x = zeros(shape, { dtype, ...(backend && { backend }) });
    // Without a parameter nothing would be recorded, and so nothing counted.
    x.requiresGrad = dtype === "float32" || dtype === "float64";
    return x;
  });
}

const outputsOf = (own: readonly Call[]): Tensor[] => tensorsIn(own.map(({ output }) => output));

/** What was computed, and what of it the graph of the output keeps: less, where parts are computed again in backward. */
function tapesOf(model: Module, calls: ReadonlyMap<Module, readonly Call[]>): { readonly computed: readonly Tensor[]; readonly kept: readonly Tensor[] } {
  const computed = tensorsBefore([...calls.values()].flatMap(outputsOf));
  const outputs = outputsOf(calls.get(model) ?? []);
  // An output of indices has no graph, and keeps nothing; what led to it is shown all the same.
  return { computed, kept: outputs.some(({ origin }) => origin !== null) ? tensorsBefore(outputs) : computed };
}

/** Stands for a part that is computed again in backward, with all its operations. */
const isRecomputed = ({ origin }: Tensor): boolean => origin?.name === "checkpoint";

/** A number with the id of the tensor that it belongs to. */
interface Cost {
  readonly id: number;
  readonly amount: number;
}

const sumOf = (costs: readonly Cost[]): number => costs.reduce((sum, { amount }) => sum + amount, 0);

const within = (costs: readonly Cost[], own: readonly Call[]): Cost[] => costs.filter(({ id }) => own.some(({ from, to }) => id >= from && id < to));

/**
 * Layers, shapes, parameters, operations and activation memory of a model, from one forward of zeros in evaluation mode.
 *
 *     console.log(String(summary(model, [1, 784])));
 *
 * @param inputShape shape of the input, or an array of shapes for several
 * @throws ShapeError when the model does not take that shape
 */
export function summary(model: Module, inputShape: Shape | readonly Shape[], options: SummaryOptions = {}): Summary {
  checkOptions("summary", options, ["dtype", "columns"]);
  if (!Array.isArray(inputShape)) throw new ShapeError("summary", `the input's shape is ${String(inputShape)}`, "Give an array of sizes: summary(model, [1, 784])");
  const modules = [...modulesOf(model)];
  const calls = observe(model, [...new Set(modules.map(([, module]) => module))], inputsFor(model, inputShape, options.dtype ?? "float32"));
  const { computed, kept } = tapesOf(model, calls);
  const flopsIn = (tensors: readonly Tensor[]): Cost[] => tensors.map((x) => ({ id: x.id, amount: flopsOf(x) }));
  const flops = flopsIn(computed.filter((x) => !isRecomputed(x)));
  const memory = memoriesOf(kept, [...tensorsOf(model)].map(([, value]) => value)).map(({ id, bytes }): Cost => ({ id, amount: bytes }));

  const parameters = model.parameters();
  const totals = {
    parameters: elementsOf(parameters),
    trainable: elementsOf(parameters.filter(({ requiresGrad }) => requiresGrad)),
    flops: sumOf(within(kept.some(isRecomputed) ? flopsIn(kept) : flops, calls.get(model) ?? [])),
    memory: sumOf(memory),
  };
  const rows = modules.map(([path, module]): SummaryRow => {
    const own = calls.get(module) ?? [];
    const [output] = tensorsIn(own.at(-1)?.output);
    return {
      path,
      type: typeName(module),
      outputShape: (output as Tensor | undefined)?.shape ?? null,
      parameters: elementsOf(ownParameters(module)),
      flops: module === model ? totals.flops : sumOf(within(flops, own)),
      memory: sumOf(within(memory, own)),
    };
  });
  const { columns = [] } = options;
  const lines = (): Line[] => rows.map((row) => ({ ...row, outputShape: row.outputShape && showShape(row.outputShape), more: columns.map(({ cell }) => cell(row)) }));
  return { rows, ...totals, toString: () => formatTable(lines(), totals, columns.map(({ title }) => title)) };
}
