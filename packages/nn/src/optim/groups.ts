import { StateError, ValueError, checkOptions } from "@dl/registry";
import { isTensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/** Parameters with options of their own; what is left out comes from the optimizer's options. */
export type GroupInput<O> = Partial<O> & { readonly params: Iterable<Tensor> };

/** What optimizers take: parameters, or groups of them. */
export type Optimized<O> = Iterable<Tensor> | Iterable<GroupInput<O>>;

/** Parameters that share options. The options may be changed between steps: `optimizer.groups[0].lr = 1e-4`. */
export type Group<O> = O & { readonly params: readonly Tensor[] };

function checkParameter(where: string, value: unknown, seen: Set<Tensor>): Tensor {
  if (!isTensor(value)) throw new ValueError(where, `got ${typeof value} among the parameters`, "Pass model.parameters()");
  if (value.origin !== null) throw new StateError(where, `a tensor computed by "${value.origin.name}" is no parameter`, "Pass leaves: model.parameters()");
  if (seen.has(value)) throw new ValueError(where, `the parameter of shape [${value.shape.join(", ")}] comes twice`, "Put each into one group");
  seen.add(value);
  return value;
}

const withoutUndefined = (options: object): object => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

const isGroup = <O>(value: Tensor | GroupInput<O>): value is GroupInput<O> => typeof value === "object" && !isTensor(value) && "params" in value;

/** What was given as groups: parameters alone are one group without options of its own. */
function split<O>(where: string, given: Optimized<O>): { readonly params: Iterable<unknown> }[] {
  const items = [...(given as Iterable<Tensor | GroupInput<O>>)];
  if (!items.some(isGroup)) return [{ params: items }];
  return items.map((item) => {
    if (!isGroup(item)) throw new ValueError(where, "got parameters next to groups", "Pass only groups: [{ params }, { params, lr }]");
    return item;
  });
}

/** `defaults` with `options` in their place. */
export function settingsOf<O extends object>(where: string, defaults: O, options: Partial<O>): O {
  checkOptions(where, options, Object.keys(defaults));
  return { ...defaults, ...withoutUndefined(options) };
}

/** Groups with `settings` where they have no options of their own. Their parameters must not be in `seen` yet, where they are put. */
export function makeGroups<O extends object>(where: string, given: Optimized<O>, settings: O, seen = new Set<Tensor>()): Group<O>[] {
  const groups = split(where, given).map(({ params, ...own }) => {
    checkOptions(where, own, Object.keys(settings));
    return { ...settings, ...withoutUndefined(own), params: Array.from(params, (value) => checkParameter(where, value, seen)) };
  });
  if (groups.every(({ params }) => params.length === 0)) throw new ValueError(where, "got no parameters", "Pass model.parameters()");
  return groups;
}

/** @throws ValueError unless `low` ≤ value < `high` */
export function checkRange(where: string, name: string, value: number, low = 0, high = Infinity): void {
  if (!(value >= low && value < high)) {
    throw new ValueError(where, `${name} is ${value}`, high === Infinity ? `Give a finite number of at least ${low}` : `Give a number in [${low}, ${high})`, { [name]: value });
  }
}

/** @throws ValueError unless every number in `values` is finite and at least 0 */
export function checkNotNegative(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) checkRange(where, name, value);
}

/** @throws ValueError unless both lie in [0, 1) */
export function checkBetas(where: string, betas: readonly [number, number]): void {
  checkRange(where, "betas[0]", betas[0], 0, 1);
  checkRange(where, "betas[1]", betas[1], 0, 1);
}
