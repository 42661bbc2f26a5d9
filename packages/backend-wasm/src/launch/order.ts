import { bytesOf, collapse, sizeOf } from "@dl/tensor";
import type { CumulativeKind, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import { AlongLine, cumulativeLayout, cumulativeModule } from "../kernels/cumulative.js";
import type { CumulativeShape } from "../kernels/cumulative.js";
import { roomFor, sortLayout, sortModule } from "../kernels/sort.js";
import { bytesPerElement } from "../kernels/values.js";
import { withRoom } from "./room.js";
import { addressToRead, addressToWrite } from "./views.js";
import { innermost, withoutDim, writeWalk } from "./walk.js";

/** Elements of the smallest piece of work. */
const grain = 1024;
/** Columns of the smallest piece: four vectors. */
const columnGrain = 16;
/** What sorting costs per element, in simple operations. */
const sortingWork = 64;
const scanningWork = 4;

const linesOf = (views: readonly View[], dim: number): ReturnType<typeof collapse> => {
  const others = views.map((view) => ({ ...view, ...withoutDim(view, dim) }));
  return collapse(others[0].shape, others);
};

/** What depends on the order along a dim. */
export class Orders {
  constructor(private readonly engine: Engine) {}

  sort(x: View, dim: number, descending: boolean, values: View, indices: View): void {
    const { engine } = this;
    const views = [x, values, indices];
    const outer = linesOf(views, dim);
    const length = x.shape[dim];
    const shape = { dtype: x.dtype, descending, depth: outer.shape.length };
    const kernel = engine.kernel(`sort ${Object.values(shape).join()}`, (shared) => sortModule(shape, shared));
    const layout = sortLayout(shape);
    engine.begin();
    const addresses = [addressToRead(engine, x), addressToWrite(engine, values), addressToWrite(engine, indices)];
    writeWalk(engine, layout, { length, steps: views.map(({ strides }) => strides[dim]) }, outer, views, addresses);
    withRoom(engine, roomFor(length), layout.own, () => {
      engine.launch(kernel, sizeOf(outer.shape), Math.max(1, Math.ceil(grain / length)), sizeOf(x.shape) * sortingWork);
    });
  }

  cumulative(kind: CumulativeKind, x: View, dim: number, out: View): void {
    const { engine } = this;
    const views = [x, out];
    const lines = linesOf(views, dim);
    const inner = innermost(lines);
    const areNeighbours = inner.row.length > 1 && inner.row.steps.every((step) => step === 1) && bytesPerElement(x.dtype) === 4;
    const length = x.shape[dim];
    const { row, outer } = areNeighbours ? inner : { row: { length, steps: [x.strides[dim], out.strides[dim]] }, outer: lines };
    const shape: CumulativeShape = { kind, dtype: x.dtype, way: areNeighbours ? "across" : "lines", depth: outer.shape.length };
    const kernel = engine.kernel(`cumulative ${Object.values(shape).join()}`, (shared) => cumulativeModule(shape, shared));
    const layout = cumulativeLayout(shape);
    engine.begin();
    writeWalk(engine, layout, row, outer, views, [addressToRead(engine, x), addressToWrite(engine, out)]);
    const bytes = bytesOf(x.dtype);
    engine.argumentsOf(AlongLine, { count: length, x: x.strides[dim] * bytes, out: out.strides[dim] * bytes }, layout.own);
    const size = sizeOf(x.shape);
    const rows = sizeOf(outer.shape);
    if (shape.depth === 0) engine.launch(kernel, row.length, columnGrain, size * scanningWork);
    else engine.launch(kernel, rows, Math.max(1, Math.ceil((grain * rows) / size)), size * scanningWork);
  }
}
