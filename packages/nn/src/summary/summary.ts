import { ShapeError, checkOptions } from "@dl/registry";
import { checkShape, isTensor, showShape, state, withGradMode, zeros } from "@dl/tensor";
import type { DType, Shape, Tensor } from "@dl/tensor";
import { registerForwardHook, registerForwardPreHook } from "../module/hooks.js";
import type { Module } from "../module/module.js";
import { membersOf, modulesOf } from "../module/walk.js";
import { isParameter } from "../module/parameter.js";
import { computedBefore, flopsOf } from "./flops.js";
import { formatTable } from "./table.js";

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
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Elements of all parameters, each counted once. */
  readonly parameters: number;
  /** Of these, those that are learnt. */
  readonly trainable: number;
  /** Floating-point operations of one forward: a multiplication and an addition are two, exp and the like one each. */
  readonly flops: number;
  /** A table. */
  toString(): string;
}

export interface SummaryOptions {
  /** Dtype of the inputs. Default float32; int32 for models that take indices. */
  readonly dtype?: DType;
}

/** One call of a module: the tensors made during it have numbers in (from, to]. */
interface Call {
  readonly from: number;
  to: number;
  output: unknown;
}

const typeName = ({ constructor }: Module): string => {
  const type: unknown = Reflect.get(constructor, "type");
  return typeof type === "string" ? type : constructor.name;
};

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

const tensorsIn = (output: unknown): Tensor[] => {
  if (isTensor(output)) return [output];
  return typeof output === "object" && output !== null ? Object.values(output).flatMap(tensorsIn) : [];
};

/**
 * Layers, shapes, parameters and operations of a model, from one forward of zeros in evaluation mode.
 *
 *     console.log(String(summary(model, [1, 784])));
 *
 * @param inputShape shape of the input, or an array of shapes for several
 * @throws ShapeError when the model does not take that shape
 */
export function summary(model: Module, inputShape: Shape | readonly Shape[], options: SummaryOptions = {}): Summary {
  checkOptions("summary", options, ["dtype"]);
  if (!Array.isArray(inputShape)) throw new ShapeError("summary", `the input's shape is ${String(inputShape)}`, "Give an array of sizes: summary(model, [1, 784])");
  const modules = [...modulesOf(model)];
  const distinct = [...new Set(modules.map(([, module]) => module))];
  const calls = observe(model, distinct, inputsFor(model, inputShape, options.dtype ?? "float32"));
  const made = computedBefore(tensorsIn([...calls.values()].flatMap((own) => own.map(({ output }) => output))));
  const costs = made.flatMap((x) => (x.origin === null ? [] : [{ id: x.id, flops: flopsOf(x, x.origin) }]));
  const flopsIn = (own: readonly Call[]): number =>
    costs.reduce((sum, { id, flops }) => (own.some(({ from, to }) => id >= from && id < to) ? sum + flops : sum), 0);

  const rows = modules.map(([path, module]): SummaryRow => {
    const own = calls.get(module) ?? [];
    const [output] = tensorsIn(own.at(-1)?.output);
    return {
      path,
      type: typeName(module),
      outputShape: (output as Tensor | undefined)?.shape ?? null,
      parameters: elementsOf(ownParameters(module)),
      flops: flopsIn(own),
    };
  });
  const parameters = model.parameters();
  const totals = {
    parameters: elementsOf(parameters),
    trainable: elementsOf(parameters.filter(({ requiresGrad }) => requiresGrad)),
    flops: flopsIn(calls.get(model) ?? []),
  };
  return { rows, ...totals, toString: () => formatTable(rows.map((row) => ({ ...row, outputShape: row.outputShape && showShape(row.outputShape) })), totals) };
}
