import type { DType, Nested } from "@dl/tensor";
import type { Layer } from "./layer.js";

/** A sample use of a layer, as `testLayer` of `@dl/testing` takes it. Options are not the defaults: what a file loses shows only then. */
export interface LayerExample {
  /** Makes the layer, each time with fresh weights. */
  readonly layer: () => Layer;
  /** Shapes of the inputs, whose values are drawn from [-2, 2]. */
  readonly shapes?: readonly (readonly number[])[];
  /** The inputs' values, where they matter. */
  readonly inputs?: readonly Nested[];
  readonly dtypes?: readonly DType[];
  /** Shape of the output, of the first one where there are several. */
  readonly outputShape?: readonly number[];
  /** False where numeric gradients say nothing: on a kink. */
  readonly gradient?: false;
  /** Keys of parameters that these inputs do not reach. */
  readonly unreached?: readonly string[];
}
