import { ValueError, checkOptions } from "@dl/registry";
import type { Layer } from "../../module/layer.js";
import { isModule } from "../../module/walk.js";
import type { TensorModule } from "../chain.js";
import { checkSizes } from "../sizes.js";

export interface StackOptions {
  /** What comes behind the last layer, such as a LayerNorm. Default nothing. */
  readonly norm?: TensorModule;
}

/** What a stack can be made of. */
export interface StackPart extends Layer {
  /** A layer like this one with weights of its own. Without it, one is made from the same arguments, which hold no generator. */
  another?(): StackPart;
}

/** The layer given, and others like it with weights of their own. */
export function stackOf<L extends StackPart>(where: string, layer: L, numLayers: number, options: StackOptions): L[] {
  checkOptions(where, options, ["norm"]);
  checkSizes(where, { numLayers });
  const given: unknown = layer;
  if (!isModule(given)) throw new ValueError(where, `the layer is ${typeof given}`, `Give one: new ${where}Layer(512, 8)`);
  const another = (): L => (layer.another?.() ?? Reflect.construct(layer.constructor, layer.args)) as L;
  return [layer, ...Array.from({ length: numLayers - 1 }, another)];
}
