import { bytesOf } from "@dl/tensor";
import type { View, Walk } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { WalkLayout } from "../kernels/walk.js";

/** The part of a walk's views that rows consist of. */
export interface RowOf {
  readonly length: number;
  /** In elements, of each view. */
  readonly steps: readonly number[];
}

/** Writes the arguments of a walk over views that begin at `addresses`: rows, and the dims outside of them. */
export function writeWalk(engine: Engine, layout: WalkLayout, row: RowOf, outer: Walk, views: readonly View[], addresses: readonly number[]): void {
  engine.argument(layout.length, row.length);
  for (let d = 0; d < layout.depth; d++) engine.argument(layout.size(d), outer.shape[d]);
  for (let k = 0; k < views.length; k++) {
    const bytes = bytesOf(views[k].dtype);
    const at = layout.view(k);
    engine.argument(at, addresses[k]);
    engine.argument(at + 1, row.steps[k] * bytes);
    for (let d = 0; d < layout.depth; d++) engine.argument(at + 2 + d, outer.strides[k][d] * bytes);
  }
}

/** The innermost dim of a walk as its rows, and what remains outside. */
export function innermost({ shape, strides }: Walk): { readonly row: RowOf; readonly outer: Walk } {
  const last = shape.length - 1;
  return {
    row: { length: shape[last], steps: strides.map((own) => own[last]) },
    outer: { shape: shape.slice(0, last), strides: strides.map((own) => own.slice(0, last)) },
  };
}

/** A view's dims but one. */
export const withoutDim = ({ shape, strides }: Pick<View, "shape" | "strides">, dim: number): Pick<View, "shape" | "strides"> => ({
  shape: shape.toSpliced(dim, 1),
  strides: strides.toSpliced(dim, 1),
});
