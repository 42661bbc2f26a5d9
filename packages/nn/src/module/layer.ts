import type { LayerJson } from "@dl/registry";
import { layerToJson } from "./layer-json.js";
import { Module } from "./module.js";

/**
 * A module that files can name. The subclass has a type of its own and hands its constructor's arguments to the base:
 *
 *     class Scale extends Layer {
 *       static readonly type = "acme/Scale";
 *       weight: Parameter;
 *       constructor(size: number) {
 *         super([size]);
 *         this.weight = parameter(ones([size]));
 *       }
 *       forward(x: Tensor): Tensor { return x.mul(this.weight); }
 *     }
 *
 * `JSON.stringify(layer)` gives `{ type, args }`, and a registry's `build(json)` the layer again, with fresh weights.
 */
export abstract class Layer extends Module {
  readonly #args: readonly unknown[];

  constructor(args: readonly unknown[]) {
    super();
    this.#args = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
  }

  /** What the layer was constructed with. */
  get args(): readonly unknown[] {
    return this.#args;
  }

  /**
   * `{ type, args, children? }`: modules among the arguments nest, functions travel by the name of their op, and submodules that
   * were replaced after construction are listed under `children` by the path of their field.
   * @throws StateError without a `static type`, or for submodules that construction does not make
   * @throws ValueError for an argument that JSON cannot hold, such as a tensor
   */
  override toJSON(): LayerJson {
    return layerToJson(this);
  }
}
