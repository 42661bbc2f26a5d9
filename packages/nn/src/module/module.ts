import { StateError, checkOptions } from "@dl/registry";
import type { LayerJson } from "@dl/registry";
import { isFloat, isTensor } from "@dl/tensor";
import type { Backend, DType, Tensor } from "@dl/tensor";
import { isFrozen } from "./frozen.js";
import { buffer, bufferBrand, isBuffer, isParameter, parameter } from "./parameter.js";
import type { Buffer, Parameter } from "./parameter.js";
import { loadTensors, stateTensors } from "./state-dict.js";
import type { KeyDifference, StateDict } from "./state-dict.js";
import { distinct, isModule, membersOf, moduleBrand, modulesOf, tensorsOf } from "./walk.js";

export interface LoadOptions {
  /** Refuse a state with missing or unexpected keys. Default true. */
  readonly strict?: boolean;
}

/**
 * A function with parameters. Fields that hold parameters, buffers or modules (also in arrays, maps and plain objects) are
 * found by themselves: no decorators, no registration. `#private` fields are not looked into.
 *
 *     class Net extends Module {
 *       hidden = new Linear(784, 128);
 *       scale = parameter(ones([1]));
 *       forward(x: Tensor): Tensor { return this.hidden.forward(x).relu().mul(this.scale); }
 *     }
 *
 * Keys are PyTorch's: the path of fields in snake_case, `hidden.weight`.
 */
export abstract class Module {
  readonly [moduleBrand] = true;
  /** Whether the module is being trained; dropout and the like behave differently in evaluation. */
  training = true;

  /** Computes the output. Hooks run here: while one is registered, it wraps this instance's `forward`. */
  abstract forward(...inputs: never[]): unknown;

  /** All parameters, each once. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, value]) => value);
  }

  namedParameters(): [key: string, value: Parameter][] {
    return [...distinct(tensorsOf(this))].flatMap(([key, value]) => (isParameter(value) ? [[key, value]] : []));
  }

  namedBuffers(): [key: string, value: Buffer][] {
    return [...distinct(tensorsOf(this))].flatMap(([key, value]) => (isBuffer(value) ? [[key, value]] : []));
  }

  /** This module, under the key "", and all below it, parents first. */
  namedModules(): [key: string, module: Module][] {
    return [...distinct(modulesOf(this))].map(([key, module]) => [key, module]);
  }

  /** The modules directly below this one. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module);
  }

  namedChildren(): [key: string, module: Module][] {
    return [...membersOf(this)].flatMap(({ key, value }) => (isModule(value) ? [[key, value]] : []));
  }

  /** Parameters and persistent buffers by key, as they are now: later training does not change them. */
  stateDict(): Map<string, Tensor> {
    return new Map([...stateTensors(this)].map(([key, value]) => [key, value.detach()]));
  }

  /**
   * Takes the values of a state dict. All keys, shapes and dtypes are checked first; on failure nothing changes.
   * @returns the keys that were missing and unexpected, which only `strict: false` allows
   * @throws UnknownNameError with the missing and unexpected keys and near matches; ShapeError, DTypeError for a value that does not fit
   */
  loadStateDict(state: StateDict | Readonly<Record<string, Tensor>>, options: LoadOptions = {}): KeyDifference {
    checkOptions("loadStateDict", options, ["strict"]);
    const entries = state instanceof Map ? (state as StateDict) : new Map(Object.entries(state));
    return loadTensors("loadStateDict", stateTensors(this), entries, options.strict ?? true);
  }

  /** Switches this module and all below it to training, or with `false` to evaluation, where what `freeze` froze stays. */
  train(mode = true): this {
    return this.apply((module) => { module.training = mode && !isFrozen(module); });
  }

  /** Switches to evaluation. */
  eval(): this {
    return this.train(false);
  }

  /** Whether gradients are collected for the parameters; `false` freezes them. */
  requiresGrad_(requiresGrad = true): this {
    for (const p of this.parameters()) p.requiresGrad = requiresGrad;
    return this;
  }

  /** Forgets the gradients. */
  zeroGrad(): void {
    for (const p of this.parameters()) p.grad = null;
  }

  /** Calls `visit` for every module below this one, and then for this one. */
  apply(visit: (module: Module) => void): this {
    for (const [, module] of this.namedModules().reverse()) visit(module);
    return this;
  }

  /**
   * Converts float parameters and buffers to a dtype, or moves all to a backend. Their tensors are new:
   * make optimizers afterwards.
   */
  to(target: DType | Backend): this {
    const moved = new Map<Tensor, Tensor>();
    for (const [, module] of this.namedModules()) {
      for (const { value, replace } of membersOf(module)) {
        if (isTensor(value)) replace(moved.get(value) ?? remember(moved, value, converted(value, target)));
      }
    }
    return this;
  }

  /** @throws StateError: only a `Layer` has a name that files can use */
  toJSON(): LayerJson {
    throw missingType(this.constructor);
  }
}

export const missingType = ({ name }: { readonly name: string }): StateError =>
  new StateError(name, "the class has no type, so files cannot name it", `Extend Layer and add one line: static readonly type = "my-package/${name}";`);

function remember(moved: Map<Tensor, Tensor>, from: Tensor, to: Tensor): Tensor {
  moved.set(from, to);
  return to;
}

function converted(value: Parameter | Buffer, target: DType | Backend): Tensor {
  if (typeof target === "string" && !isFloat(value.dtype)) return value;
  const plain = value.detach().to(target);
  if (isBuffer(value)) return buffer(plain, value[bufferBrand]);
  const moved = parameter(plain);
  moved.requiresGrad = value.requiresGrad;
  return moved;
}
