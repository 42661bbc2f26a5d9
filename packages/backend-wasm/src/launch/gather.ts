import { bytesOf, collapse, reshaped, sizeOf } from "@dl/tensor";
import type { DType, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import { gatherLayout, gatherModule } from "../kernels/gather.js";
import { AlongDim, scatterLayout, scatterModule } from "../kernels/scatter.js";
import type { Addend, ScatterShape, ScatterWay } from "../kernels/scatter.js";
import { bytesPerElement } from "../kernels/values.js";
import { addressToRead, addressToWrite } from "./views.js";
import { innermost, withoutDim, writeWalk } from "./walk.js";
import type { RowOf } from "./walk.js";

const addends: Readonly<Partial<Record<DType, Addend>>> = { float32: "f32", int32: "i32" };

/** Elements of the smallest piece of work. */
const grain = 1024;
/** Pieces of a row of outputs: two cache lines of floats. */
const rowGrain = 32;
/** What an element costs, in simple operations. */
const workPerElement = 4;

/** Whether each row has one index for all of its elements, and these are neighbours in both other views. */
const isWhole = ({ length, steps: [index, one, other] }: RowOf): boolean => length > 1 && index === 0 && one === 1 && other === 1;

/** Reading from, and adding to, where indices point. */
export class Gathers {
  constructor(private readonly engine: Engine) {}

  gather(x: View, index: View, dim: number, out: View): void {
    const size = sizeOf(out.shape);
    if (size === 0) return;
    const { engine } = this;
    const source = reshaped(x, index.shape, x.strides.with(dim, 0));
    const views = [index, source, out];
    const { row, outer } = innermost(collapse(index.shape, views));
    const depth = outer.shape.length;
    const shape = { bytes: bytesPerElement(x.dtype), indexBytes: bytesPerElement(index.dtype), depth, wholeRows: isWhole(row) };
    const kernel = engine.kernel(`gather ${Object.values(shape).join()}`, (shared) => gatherModule(shape, shared));
    const layout = gatherLayout(shape);
    engine.begin();
    writeWalk(engine, layout, row, outer, views, [addressToRead(engine, index), addressToRead(engine, source), addressToWrite(engine, out)]);
    engine.argument(layout.own, x.strides[dim] * bytesOf(x.dtype));
    const work = size * workPerElement;
    if (depth === 0) engine.launch(kernel, size, grain, work);
    else engine.launch(kernel, size / row.length, Math.max(1, Math.ceil(grain / row.length)), work);
  }

  /** Different lines along the dim never meet; those of one line are added in their order. */
  scatterAdd(index: View, src: View, dim: number, out: View): void {
    const size = sizeOf(index.shape);
    if (size === 0) return;
    const { engine } = this;
    const views = [index, reshaped(out, index.shape, out.strides.with(dim, 0)), reshaped(src, index.shape, src.strides)];
    const others = views.map((view) => ({ ...view, ...withoutDim(view, dim) }));
    const lines = collapse(others[0].shape, others);
    const inner = innermost(lines);
    const isAcross = inner.row.length > 1 && Math.abs(inner.row.steps[1]) < Math.abs(out.strides[dim]);
    const way: ScatterWay = !isAcross ? "lines" : isWhole(inner.row) ? "whole rows" : "across";
    const alongLine = { length: index.shape[dim], steps: [index.strides[dim], 0, src.strides[dim]] };
    const { row, outer } = isAcross ? inner : { row: alongLine, outer: lines };
    const shape: ScatterShape = { addend: addends[out.dtype] ?? "byte", indexBytes: bytesPerElement(index.dtype), depth: outer.shape.length, way };
    const layout = scatterLayout(shape);
    const kernel = engine.kernel(`scatter ${Object.values(shape).join()}`, (shared) => scatterModule(shape, shared));
    engine.begin();
    writeWalk(engine, layout, row, outer, views, views.map((view) => addressToRead(engine, view)));
    engine.argumentsOf(AlongDim, {
      target: out.strides[dim] * bytesOf(out.dtype),
      count: alongLine.length,
      index: index.strides[dim] * bytesOf(index.dtype),
      source: src.strides[dim] * bytesOf(src.dtype),
    }, layout.own);
    const rows = sizeOf(outer.shape);
    const perRow = size / rows;
    if (shape.depth === 0) engine.launch(kernel, row.length, rowGrain, size * workPerElement);
    else engine.launch(kernel, rows, Math.max(1, Math.ceil(grain / perRow)), size * workPerElement);
  }
}
