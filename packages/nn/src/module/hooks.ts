import { isTensor, record } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Module } from "./module.js";

/** Sees a module's inputs before its forward; returning an array replaces them. */
export type ForwardPreHook = (module: Module, inputs: readonly unknown[]) => readonly unknown[] | undefined;

/** Sees a module's output after its forward; returning a value replaces it. */
export type ForwardHook = (module: Module, inputs: readonly unknown[], output: unknown) => unknown;

/** Sees ∂loss/∂output of a module during backward; returning a tensor replaces it. */
export type BackwardHook = (module: Module, gradOutput: Tensor) => Tensor | undefined;

/** Takes a hook away again. */
export interface HookHandle {
  remove(): void;
}

interface Hooked {
  readonly before: Set<{ readonly hook: ForwardPreHook }>;
  readonly after: Set<{ readonly hook: ForwardHook }>;
  /** The module's own `forward`, where it was a field and not a method. */
  readonly own: PropertyDescriptor | undefined;
}

const hooked = new WeakMap<Module, Hooked>();

/** From now on the instance's `forward` runs its hooks; instances without hooks pay nothing. */
function install(module: Module): Hooked {
  const hooks: Hooked = { before: new Set(), after: new Set(), own: Object.getOwnPropertyDescriptor(module, "forward") };
  const forward = Reflect.get(module, "forward") as (...inputs: readonly unknown[]) => unknown;
  const value = (...given: readonly unknown[]): unknown => {
    let inputs = given;
    for (const { hook } of hooks.before) inputs = hook(module, inputs) ?? inputs;
    let output = Reflect.apply(forward, module, inputs);
    for (const { hook } of hooks.after) output = hook(module, inputs, output) ?? output;
    return output;
  };
  Object.defineProperty(module, "forward", { value, configurable: true, writable: true, enumerable: false });
  hooked.set(module, hooks);
  return hooks;
}

function uninstall(module: Module, { own }: Hooked): void {
  hooked.delete(module);
  if (own === undefined) Reflect.deleteProperty(module, "forward");
  else Object.defineProperty(module, "forward", own);
}

function add<H>(module: Module, hook: H, choose: (hooks: Hooked) => Set<{ readonly hook: H }>): HookHandle {
  const hooks = hooked.get(module) ?? install(module);
  const entry = { hook };
  choose(hooks).add(entry);
  return {
    remove: () => {
      const removed = choose(hooks).delete(entry);
      if (removed && hooks.before.size + hooks.after.size === 0) uninstall(module, hooks);
    },
  };
}

/** Calls `hook` before every forward of `module`. */
export const registerForwardPreHook = (module: Module, hook: ForwardPreHook): HookHandle => add(module, hook, ({ before }) => before);

/** Calls `hook` after every forward of `module`. */
export const registerForwardHook = (module: Module, hook: ForwardHook): HookHandle => add(module, hook, ({ after }) => after);

/** Calls `hook` with the gradient of `module`'s output, when that is a tensor: an identity op behind the output does it. */
export function registerBackwardHook(module: Module, hook: BackwardHook): HookHandle {
  const rule = { name: "backwardHook", mayStore: true, backward: ({ grad }: { readonly grad: Tensor }) => [hook(module, grad) ?? grad] };
  return registerForwardHook(module, (_, __, output) => (isTensor(output) ? record(output.detach(), rule, [output], null) : output));
}
