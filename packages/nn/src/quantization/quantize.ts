import { noGrad } from "@dl/autograd";
import { StateError, checkOptions } from "@dl/registry";
import { isTensor, maximum } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { TensorModule } from "../layers/chain.js";
import { evaluating } from "../module/evaluating.js";
import { registerForwardPreHook } from "../module/hooks.js";
import type { Module } from "../module/module.js";
import { copyLayer } from "../transform/copy.js";
import { replaceModules } from "../transform/replace.js";
import { dequantizedLayer } from "./dequantized.js";
import { FakeQuantized } from "./fake-quantized.js";
import { rangeOf, scaleOf } from "./int8.js";
import { QuantizedLayer } from "./quantized-layer.js";
import { quantized, refuseNothing, selector } from "./targets.js";
import type { FloatLayer, QuantizeOptions } from "./targets.js";

/** A copy of the model, in evaluation, with other modules in the place of some. `convert` gives them, or `null`. */
function copyWith(where: string, model: Module, convert: (module: Module, path: string) => Module | null): TensorModule {
  const paths = new Map(model.namedModules().map(([path, module]) => [module, path]));
  const copied = (module: Module): Module => convert(module, paths.get(module) ?? "") ?? copyLayer(where, module, copied);
  return copied(model).eval() as TensorModule;
}

/** Copies, and makes layers of int8 of those that `scales` has; without a scale, each sample gets its own. */
function inInt8(where: string, model: Module, layers: ReadonlyMap<Module, Tensor | null>): TensorModule {
  refuseNothing(where, layers.size);
  return copyWith(where, model, (module) => {
    const scale = layers.get(module);
    return scale === undefined ? null : quantized(module as FloatLayer, scale);
  });
}

/**
 * A copy of the model whose affine layers and convolutions multiply in int8. Weights take a quarter of the bytes; every sample's inputs are
 * rounded by their own range, so there is nothing to prepare. `simplify` the model first, so that batch norms are gone.
 *
 *     const small = quantize.dynamicInt8(simplify(model));
 *
 * @throws UnknownNameError when no layer is left to quantize; StateError for a module that cannot be copied
 */
export function dynamicInt8(model: TensorModule, options: QuantizeOptions = {}): TensorModule {
  checkOptions("quantize.dynamicInt8", options, ["exclude"]);
  const isMeant = selector(options);
  return inInt8("quantize.dynamicInt8", model, new Map(model.namedModules().flatMap(([path, module]) => (isMeant(path, module) ? [[module, null]] : []))));
}

/**
 * As `dynamicInt8`, but with one range of inputs per layer, the largest in `batches`: one pass over the inputs less, and what goes beyond is cut.
 *
 *     const small = await quantize.staticInt8(simplify(model), loader);
 *
 * @param batches some hundred typical samples
 * @throws StateError for a layer that no batch reached; what `dynamicInt8` throws
 */
export async function staticInt8(model: TensorModule, batches: AsyncIterable<{ readonly x: Tensor }> | Iterable<{ readonly x: Tensor }>, options: QuantizeOptions = {}): Promise<TensorModule> {
  const where = "quantize.staticInt8";
  checkOptions(where, options, ["exclude"]);
  const isMeant = selector(options);
  const targets = model.namedModules().flatMap(([path, module]) => (isMeant(path, module) ? [{ path, module }] : []));
  const ranges = new Map<Module, Tensor>();
  const hooks = targets.map(({ module }) => registerForwardPreHook(module, (_, [x]) => {
    if (!isTensor(x)) return undefined;
    const [range, known] = [rangeOf(x, []).reshape([]), ranges.get(module)];
    ranges.set(module, known === undefined ? range : maximum(known, range));
    return undefined;
  }));
  try {
    for await (const { x } of batches) evaluating(model, () => noGrad(() => model.forward(x)));
  } finally {
    for (const hook of hooks) hook.remove();
  }
  return inInt8(where, model, new Map(targets.map(({ path, module }) => [module, scaleOf(seen(where, path, ranges.get(module)))])));
}

function seen(where: string, path: string, range: Tensor | undefined): Tensor {
  if (range !== undefined) return range;
  throw new StateError(where, `no batch reached "${path}"`, "Give at least one batch, or exclude the layer", { path });
}

/**
 * Puts `FakeQuantized` layers around the affine layers and convolutions of the model itself, whose parameters stay the same objects: train on, then
 * `convert`.
 * @returns the model; a new one where the model itself is such a layer
 * @throws UnknownNameError when no layer is left to quantize
 */
export function prepareFakeQuant(model: TensorModule, options: QuantizeOptions = {}): TensorModule {
  checkOptions("quantize.prepareFakeQuant", options, ["exclude"]);
  const isMeant = selector(options);
  let count = 0;
  const prepared = replaceModules(model, (path, module) => {
    if (module.constructor === FakeQuantized) return module;
    if (!isMeant(path, module)) return null;
    count += 1;
    return new FakeQuantized(module).train(module.training);
  });
  refuseNothing("quantize.prepareFakeQuant", count);
  return prepared as TensorModule;
}

/**
 * A copy of a model that was trained after `prepareFakeQuant`, in int8.
 * @throws StateError when it has seen no batch in training; UnknownNameError without layers to convert
 */
export function convert(model: TensorModule): TensorModule {
  const where = "quantize.convert";
  const paths = model.namedModules().flatMap(([path, module]) => (module instanceof FakeQuantized ? [path] : []));
  refuseNothing(where, paths.length);
  return copyWith(where, model, (module, path) => {
    if (!(module instanceof FakeQuantized)) return null;
    if (module.inputRange.backend.capabilities.readSync && module.inputRange.item() === 0) seen(where, path, undefined);
    return quantized(module.layer, module.inputScale);
  });
}

/** A copy of the model with floats again, rounded as they were: w = scale·weight. It can be trained on. */
export function dequantize(model: TensorModule): TensorModule {
  return copyWith("quantize.dequantize", model, (module) => (module instanceof QuantizedLayer ? dequantizedLayer(module) : null));
}
