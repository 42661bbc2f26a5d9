import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";
import type { Module } from "../module/module.js";
import { isModule } from "../module/walk.js";

/** A module that maps one tensor to one. */
export interface TensorModule extends Module {
  forward(x: Tensor): Tensor;
}

/** Classes of this package whose instances have no modules inside, by first sight. */
const leaves = new WeakMap<object, boolean>();

const isLeaf = (layer: Module): boolean => {
  const { constructor } = layer;
  let known = leaves.get(constructor);
  if (known === undefined) {
    // A subclass of someone else's inherits the type, but does not have it itself.
    const own: unknown = Object.hasOwn(constructor, "type") && Reflect.get(constructor, "type");
    leaves.set(constructor, (known = typeof own === "string" && own.startsWith("nn/") && layer.children().length === 0));
  }
  return known;
};

/** Whether a layer says of itself, by `static readonly keepsNothing = true`, that its forward leaves neither its input nor its output anywhere. */
const saysSo = ({ constructor }: Module): boolean => Object.hasOwn(constructor, "keepsNothing") && Reflect.get(constructor, "keepsNothing") === true;

const isHooked = (module: Module): boolean => Object.hasOwn(module, "forward");

/** Whether a layer certainly keeps neither its input nor its output: one of this package, or one that says so, as all that is in it, and without hooks. */
function isDiscreet(layer: Module): boolean {
  if (isHooked(layer)) return false;
  return layer instanceof Chain || saysSo(layer) ? layer.children().every(isDiscreet) : isLeaf(layer);
}

/**
 * Gives the memory of `between` back as soon as `next`, which was made from it, does not need it any more: with the graph, or at once where nothing is
 * recorded. For what a layer of one's own computes on the way, and nobody else sees; nothing happens when one of `modules`, which made it or read it,
 * may keep it.
 */
export function passOn(between: Tensor, next: Tensor, ...modules: readonly Module[]): void {
  if (modules.every(isDiscreet)) between.passedOnTo(next);
}

/**
 * Runs layers one after the other, and gives the memory of what is between them back as soon as it may: with the graph, or at once where nothing is
 * recorded. What `forward` of a layer of one's own does with `this.conv`, `this.norm` and the like is faster so than by hand.
 *
 *     forward(x: Tensor): Tensor { return inSequence([this.conv1, this.bn1, this.relu], x); }
 */
export function inSequence(layers: Iterable<TensorModule>, x: Tensor): Tensor {
  let y = x;
  let mayBeHeld = true;
  for (const layer of layers) {
    const next = layer.forward(y);
    const keepsNothing = isDiscreet(layer);
    if (keepsNothing && !mayBeHeld) y.passedOnTo(next);
    // A view of what somebody holds, such as the flattened input, is held as well.
    mayBeHeld = !keepsNothing || (mayBeHeld && next.sharesMemoryWith(y));
    y = next;
  }
  return y;
}

/**
 * Modules that run one after the other. They stand in the fields "0", "1", …, so that `chain[0]` works and state keys are
 * `0.weight`, without a segment for the container.
 */
export abstract class Chain extends Layer {
  [index: number]: TensorModule;
  readonly #length: number;

  constructor(args: readonly unknown[], layers: readonly TensorModule[]) {
    super(args);
    this.#length = layers.length;
    layers.forEach((layer, i) => {
      if (!isModule(layer)) {
        throw new ValueError(this.constructor.name, `argument ${i} is ${typeof layer}, not a module`, "Wrap a function in a layer: new Activation(relu)", { position: i });
      }
      this[i] = layer;
    });
  }

  get length(): number {
    return this.#length;
  }

  /** The layer at a position; negative ones count from the end. */
  at(position: number): TensorModule | undefined {
    return [...this].at(position);
  }

  *[Symbol.iterator](): Generator<TensorModule> {
    for (let i = 0; i < this.length; i++) yield this[i];
  }

  forward(x: Tensor): Tensor {
    return inSequence(this, x);
  }
}
