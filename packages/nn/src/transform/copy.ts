import { StateError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { asSkeleton } from "../init/skeleton.js";
import type { Layer } from "../module/layer.js";
import type { Module } from "../module/module.js";
import { buffer, bufferBrand, isBuffer, parameter } from "../module/parameter.js";
import type { Buffer, Parameter } from "../module/parameter.js";
import { isModule, membersOf } from "../module/walk.js";
import type { Member } from "../module/walk.js";

const isLayer = (module: Module): module is Layer => "args" in module;

/** A parameter or buffer of its own with the same value; memory is shared until one of the two is assigned. */
function copyTensor(value: Parameter | Buffer): Tensor {
  if (isBuffer(value)) return buffer(value, value[bufferBrand]);
  const copy = parameter(value);
  copy.requiresGrad = value.requiresGrad;
  return copy;
}

/** Makes a layer again from its class and other arguments, without initial values. */
export function remade<L extends Layer>(layer: L, args: readonly unknown[]): L {
  return asSkeleton(() => Reflect.construct(layer.constructor, args) as L);
}

/** Puts values in the place of a layer's own parameters, by field. */
export function withParameters<L extends Layer>(layer: L, values: Readonly<Record<string, Tensor>>): L {
  for (const { path, replace } of [...membersOf(layer)]) replace(parameter(values[path]));
  return layer;
}

const byPath = (module: Module): Map<string, Member> => new Map([...membersOf(module)].map((member) => [member.path, member]));

/**
 * A layer of the same class and values, made from its constructor's arguments. Memory is shared, values are not: neither notices
 * when the other is trained.
 * @param where names the caller in errors @param copyChild what stands for a module below it
 * @throws StateError for a module that is no `Layer`, or whose members are not those that its constructor makes
 */
export function copyLayer(where: string, module: Module, copyChild: (child: Module) => Module): Module {
  const { name } = module.constructor;
  if (!isLayer(module)) throw new StateError(where, `${name} is no Layer, so it cannot be made again`, "Extend Layer, with a static type, and hand the constructor's arguments to super([…])", { class: name });
  const copy = remade(module, module.args);
  const [own, made] = [byPath(module), byPath(copy)];
  const other = [...own.keys(), ...made.keys()].find((path) => !own.has(path) || !made.has(path));
  if (other !== undefined) throw new StateError(where, `"${other}" of ${name} is not as its constructor makes it`, "Make all members in the constructor", { path: other });
  for (const [path, { value }] of own) made.get(path)?.replace(isModule(value) ? copyChild(value) : copyTensor(value));
  return copy;
}
