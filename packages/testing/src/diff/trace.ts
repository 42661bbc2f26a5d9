import { backward } from "@dl/autograd";
import { registerForwardHook } from "@dl/nn";
import type { Module } from "@dl/nn";
import { isFloat, tensor, withGradMode } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { valueOf } from "../compare.js";
import type { Value } from "../compare.js";
import { tensorsIn } from "../layer/example.js";

/** What one layer did on one backend: a line for each time it ran. */
export interface LayerTrace {
  readonly path: string;
  readonly type: string;
  readonly outputs: readonly Value[];
  /** Of its own parameters, by name; those that got none are left out. */
  readonly gradients: ReadonlyMap<string, Value>;
}

interface Seen {
  readonly path: string;
  readonly module: Module;
  readonly outputs: readonly Tensor[];
}

const typeOf = ({ constructor }: Module): string => {
  const type: unknown = Reflect.get(constructor, "type");
  return typeof type === "string" ? type : constructor.name;
};

/** Weights of the objective that are nowhere alike, so that no error cancels another. */
const wave = (x: Tensor): Tensor => tensor(Float32Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)), { shape: x.shape, dtype: x.dtype, backend: x.backend });

/** Runs forward, notes every module's outputs in the order in which they are done. */
function observe(model: Module, inputs: readonly Tensor[]): Seen[] {
  const seen: Seen[] = [];
  const handles = model.namedModules().map(([path, module]) =>
    registerForwardHook(module, (_, __, output) => {
      seen.push({ path, module, outputs: tensorsIn(output) });
      return undefined;
    }),
  );
  try {
    (model as { forward(...given: readonly Tensor[]): unknown }).forward(...inputs);
  } finally {
    for (const handle of handles) handle.remove();
  }
  return seen;
}

function sweep(seen: readonly Seen[]): void {
  const outputs = seen.at(-1)?.outputs.filter((x) => isFloat(x.dtype) && x.requiresGrad) ?? [];
  if (outputs.length > 0) backward(outputs.map((x) => x.mul(wave(x)).sum()).reduce((sum, term) => sum.add(term)));
}

async function gradientsOf(module: Module): Promise<ReadonlyMap<string, Value>> {
  const own = module.namedParameters().filter(([name]) => !name.includes("."));
  const gradients = new Map<string, Value>();
  for (const [name, { grad }] of own) if (grad !== null) gradients.set(name, await valueOf(grad));
  return gradients;
}

/** One forward in evaluation mode and one backward of a model on a backend, layer by layer. The model stays there. */
export async function traceOn(backend: Backend, model: Module, inputs: readonly Tensor[]): Promise<LayerTrace[]> {
  model.to(backend);
  model.zeroGrad();
  const modes = model.namedModules().map(([, module]) => [module, module.training] as const);
  try {
    model.eval();
    const seen = withGradMode(true, () => {
      const all = observe(model, inputs.map((x) => x.detach().to(backend)));
      sweep(all);
      return all;
    });
    const traces: LayerTrace[] = [];
    for (const { path, module, outputs } of seen) {
      traces.push({ path, type: typeOf(module), outputs: await Promise.all(outputs.map(valueOf)), gradients: await gradientsOf(module) });
    }
    return traces;
  } finally {
    for (const [module, training] of modes) module.training = training;
    model.zeroGrad();
  }
}
