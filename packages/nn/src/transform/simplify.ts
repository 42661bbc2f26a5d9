import type { Chain, TensorModule } from "../layers/chain.js";
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from "../layers/dropout/index.js";
import { MLP } from "../layers/mlp.js";
import { Sequential } from "../layers/sequential.js";
import { Identity } from "../layers/shape.js";
import type { Layer } from "../module/layer.js";
import type { Module } from "../module/module.js";
import { copyLayer } from "./copy.js";
import { fold } from "./fold.js";

/** What does nothing in evaluation. */
const idle: readonly unknown[] = [Identity, Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout];

/** A subclass may run its layers another way. */
const isPlainChain = (module: Module): module is Chain => module.constructor === Sequential || module.constructor === MLP;

/** The layers of a chain and of the chains within it. */
const flattened = (chain: Chain): TensorModule[] => [...chain].flatMap((layer) => (isPlainChain(layer) ? flattened(layer) : [layer]));

function shortened(chain: Chain): Sequential {
  const layers: TensorModule[] = [];
  for (const layer of flattened(chain)) {
    if (idle.includes(layer.constructor)) continue;
    const last = layers.at(-1);
    const folded = last === undefined ? null : fold(last, layer);
    if (folded === null) layers.push(simplified(layer) as TensorModule);
    else layers[layers.length - 1] = folded;
  }
  return new Sequential(...layers);
}

const simplified = (module: Module): Module => (isPlainChain(module) ? shortened(module) : copyLayer("simplify", module, simplified));

/**
 * A model in evaluation mode that computes what `model` computes in evaluation, with fewer layers. In its chains, `model` itself or
 * below it,
 * - neighbouring affine layers become one: W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂), all that a stack of them can do;
 * - batch normalisation after a convolution or an affine layer goes into that layer (after a `Linear` for inputs [N, features]);
 * - `Identity` and dropout are left out, and chains within chains become one.
 *
 * It has parameters of its own: training one does not change the other. Keys differ where layers went.
 *
 *     const fast = simplify(model);
 *
 * @throws StateError for a module that is no `Layer`, which cannot be copied
 */
export function simplify(model: Chain): Sequential;
export function simplify<L extends Layer>(model: L): L;
export function simplify(model: Layer): Module {
  return simplified(model).eval();
}
