import { isModule } from "@dl/nn";
import type { Layer } from "@dl/nn";
import { cat, currentBackend, isFloat, isTensor, manualSeed } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { CheckError } from "../check.js";
import { sampleInputs } from "../sample.js";
import type { InputSpec } from "../sample.js";

/** A sample use of a layer. Choose options that are not the defaults: what a file loses shows only then. */
export interface LayerExample extends InputSpec {
  /** Makes the layer, each time with fresh weights from the default generator. */
  readonly layer: () => Layer;
  /** Shape of the output, of the first one where there are several. */
  readonly outputShape?: readonly number[];
  /** False where numeric gradients say nothing: on a kink. */
  readonly gradient?: false;
  /** Keys of parameters that these inputs do not reach. */
  readonly unreached?: readonly string[];
}

/** A layer's forward as the suites call it. */
interface Callable {
  forward(...inputs: readonly Tensor[]): unknown;
}

/** All tensors in what a forward returned: one, or several in arrays and objects. */
export function tensorsIn(output: unknown): Tensor[] {
  if (isTensor(output)) return [output];
  if (typeof output !== "object" || output === null) return [];
  return Object.values(output).flatMap(tensorsIn);
}

/** Runs the layer with the default generator at a fixed state, so that dropout and the like repeat themselves. */
export function outputsOf(layer: Layer, inputs: readonly Tensor[]): Tensor[] {
  const callable: Callable = layer;
  manualSeed(7);
  const outputs = tensorsIn(callable.forward(...inputs));
  if (outputs.length === 0) throw new CheckError(nameOf(layer), "forward returns no tensor", "Return a tensor, or an array or object of tensors");
  return outputs;
}

/** All float outputs in one line: what gradients are taken of. */
export function joinedOutput(layer: Layer, inputs: readonly Tensor[]): Tensor {
  return cat(outputsOf(layer, inputs).filter((x) => isFloat(x.dtype)).map((x) => x.flatten()));
}

export const isLayer = (value: object): value is Layer => isModule(value) && "args" in value;

export const nameOf = (layer: Layer): string => layer.constructor.name;

/** One layer with fresh weights: the same seed gives the same ones. */
export function make(example: LayerExample, seed = 1): Layer {
  manualSeed(seed);
  return example.layer();
}

export function inputsFor(example: LayerExample, { backend = currentBackend(), wide = false }: { readonly backend?: Backend; readonly wide?: boolean } = {}): Tensor[] {
  return sampleInputs("layer", example, { backend, wide });
}
