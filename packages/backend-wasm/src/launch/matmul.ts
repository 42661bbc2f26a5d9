import { Program, bytesOf, collapse, contiguousView, inputExpr, matmulOnHost, reshaped, sizeOf } from "@dl/tensor";
import type { View } from "@dl/tensor";
import { scratchBytes } from "../engine.js";
import type { Engine } from "../engine.js";
import type { Kernel } from "../kernel.js";
import { GemmArgs, gemmModule, packedColumnsBytes, packedRowsBytes, padded, rowsPerUnit } from "../kernels/gemm/gemm.js";
import type { GemmEntry } from "../kernels/gemm/gemm.js";
import { ThinArgs, mostThinRows, thinModule, thinUnit } from "../kernels/gemm/thin.js";
import type { ThinWay } from "../kernels/gemm/thin.js";
import { tileColumns } from "../kernels/gemm/tile.js";
import type { Copies } from "./copy.js";
import type { Maps } from "./map.js";
import type { Reductions } from "./reduce.js";
import { addressToRead, addressToWrite, onHost } from "./views.js";

/** Multiplications that JavaScript has done before a kernel has its arguments. */
const tiny = 256;

/** Columns of a thin product that one thread takes at least: a cache line. */
const thinGrain = 16;

/** The two dims of a matrix, and all before them. */
const rank = 2;

export class Products {
  private multiplied: Program | undefined;
  private added: Program | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly maps: Maps,
    private readonly reductions: Reductions,
    private readonly copies: Copies,
  ) {}

  run(a: View, b: View, out: View, offset?: View): void {
    if (sizeOf(out.shape) === 0) return;
    const dims = out.shape.length;
    const steps = a.shape[dims - 1];
    if (sizeOf(out.shape) * steps <= tiny) {
      const { engine } = this;
      engine.begin();
      const views = [a, b, out].map((view) => onHost(engine, view));
      matmulOnHost(views[0], views[1], views[2], offset && onHost(engine, offset));
      return;
    }
    if (a.dtype !== "float32" || steps === 0) {
      this.asSum(a, b, out, offset);
      return;
    }
    // Products are added to what is there.
    if (offset !== undefined) this.copies.run(offset, out);
    const isFirst = offset === undefined;
    const batch = sizeOf(out.shape.slice(0, dims - rank));
    const columns = out.shape[dims - 1];
    if (batch > 1 && packedRowsBytes + packedColumnsBytes(steps, columns) <= scratchBytes) this.batch(a, b, out, isFirst);
    else for (let i = 0; i < batch; i++) this.single(nth(a, i), nth(b, i), nth(out, i), isFirst);
  }

  /** Integers, which no one multiplies by the million: Σₖ a·b as a reduction. */
  private asSum(a: View, b: View, out: View, offset: View | undefined): void {
    const dims = out.shape.length;
    const shape = [...out.shape, a.shape[dims - 1]];
    const stretch = (strides: readonly number[], own: number, zero: number): number[] => {
      const batch = strides.slice(0, dims - rank);
      const pair = [0, 0];
      pair[own] = strides[dims - rank + own];
      return [...batch, ...pair, strides[dims - rank + zero]];
    };
    const views = [
      reshaped(a, shape, stretch(a.strides, 0, 1)),
      reshaped(b, shape, stretch(b.strides, 1, 0)),
    ];
    this.multiplied ??= new Program([inputExpr(0).mul(inputExpr(1))], 2, 0);
    if (offset === undefined) {
      this.reductions.run("sum", this.multiplied, views, [], [dims], out);
      return;
    }
    const buffer = this.engine.heap.alloc(out.dtype, sizeOf(out.shape));
    const product = contiguousView(buffer, out.dtype, out.shape);
    this.reductions.run("sum", this.multiplied, views, [], [dims], product);
    this.maps.run((this.added ??= new Program([inputExpr(0).add(inputExpr(1))], 2, 0)), [product, offset], [out], []);
    this.engine.heap.free(buffer.cell);
  }

  private batch(a: View, b: View, out: View, isFirst: boolean): void {
    const { engine } = this;
    const dims = out.shape.length - rank;
    const leading = (view: View): View => reshaped(view, view.shape.slice(0, dims), view.strides.slice(0, dims));
    const walk = collapse(out.shape.slice(0, dims), [a, b, out].map(leading));
    const depth = walk.shape.length;
    const kernel = this.kernel("batch", depth);
    engine.begin();
    this.describe(a, b, out, isFirst);
    walk.shape.forEach((size, d) => { engine.argument(GemmArgs.batch + d, size); });
    walk.strides.forEach((own, k) => {
      own.forEach((stride, d) => { engine.argument(GemmArgs.batch + depth * (1 + k) + d, stride * bytesOf("float32")); });
    });
    engine.launch(kernel, sizeOf(walk.shape), 1, sizeOf(out.shape) * a.shape[a.shape.length - 1]);
  }

  private single(a: View, b: View, out: View, isFirst: boolean): void {
    if (this.thin(a, b, out, isFirst)) return;
    if (out.shape[1] === 1 && this.thin(turned(b), turned(a), turned(out), isFirst)) return;
    this.packed(a, b, out, isFirst);
  }

  /** Few rows, if the right side can be read as it lies. @returns whether that was so */
  private thin(a: View, b: View, out: View, isFirst: boolean): boolean {
    const { engine } = this;
    const [[rows, steps], columns] = [a.shape, out.shape[1]];
    const [bStep, bColumn] = b.strides;
    const way: ThinWay | null = bStep === 1 && a.strides[1] === 1 ? "dots" : bColumn === 1 ? "rows" : null;
    if (rows > mostThinRows || way === null) return false;
    const bytes = bytesOf("float32");
    engine.begin();
    engine.argumentsOf(ThinArgs, {
      a: addressToRead(engine, a), aRow: a.strides[0] * bytes, aStep: a.strides[1] * bytes,
      b: addressToRead(engine, b), bStep: bStep * bytes, bColumn: bColumn * bytes,
      c: addressToWrite(engine, out), cRow: out.strides[0] * bytes, steps, columns, isFirst: Number(isFirst),
    });
    const kernel = this.engine.kernel(`product ${way}:${rows}`, (shared) => thinModule(way, rows, { fma: engine.fma }, shared));
    if (way === "dots") engine.launch(kernel, columns, thinGrain, rows * steps * columns);
    else engine.launch(kernel, Math.ceil(columns / thinUnit(rows)), 1, rows * steps * columns);
    return true;
  }

  /** One product: B is packed once, by all threads, then they share C's blocks. */
  private packed(a: View, b: View, out: View, isFirst: boolean): void {
    const { engine } = this;
    const [[rows, steps], columns] = [a.shape, out.shape[1]];
    const work = rows * steps * columns;
    engine.begin();
    this.describe(a, b, out, isFirst);
    const packed = engine.heap.borrow(packedColumnsBytes(steps, columns));
    engine.argument(GemmArgs.packed, packed.pointer);
    engine.launch(this.kernel("pack", 0), Math.ceil(columns / tileColumns), 4, steps * columns);
    const rowUnits = Math.ceil(rows / rowsPerUnit);
    // With few rows, columns are shared out as well.
    const wanted = Math.max(1, Math.ceil((4 * engine.threads) / rowUnits));
    const perUnit = padded(Math.max(64, Math.ceil(columns / wanted)), tileColumns);
    engine.argument(GemmArgs.rowUnits, rowUnits);
    engine.argument(GemmArgs.columnsPerUnit, perUnit);
    engine.launch(this.kernel("multiply", 0), rowUnits * Math.ceil(columns / perUnit), 1, work);
    engine.heap.giveBack(packed);
  }

  private describe(a: View, b: View, out: View, isFirst: boolean): void {
    const { engine } = this;
    const at = out.shape.length - rank;
    const bytes = bytesOf("float32");
    engine.argument(GemmArgs.a, addressToRead(engine, a));
    engine.argument(GemmArgs.aRow, a.strides[at] * bytes);
    engine.argument(GemmArgs.aStep, a.strides[at + 1] * bytes);
    engine.argument(GemmArgs.b, addressToRead(engine, b));
    engine.argument(GemmArgs.bStep, b.strides[at] * bytes);
    engine.argument(GemmArgs.bColumn, b.strides[at + 1] * bytes);
    engine.argument(GemmArgs.c, addressToWrite(engine, out));
    engine.argument(GemmArgs.rows, a.shape[at]);
    engine.argument(GemmArgs.steps, a.shape[at + 1]);
    engine.argument(GemmArgs.columns, out.shape[at + 1]);
    engine.argument(GemmArgs.isFirst, Number(isFirst));
  }

  private kernel(entry: GemmEntry, depth: number): Kernel {
    return this.engine.kernel(`product ${entry}:${depth}`, (shared) => gemmModule(entry, depth, { fma: this.engine.fma }, shared));
  }
}

const turned = ({ buffer, dtype, shape, strides, offset }: View): View => ({ buffer, dtype, shape: shape.toReversed(), strides: strides.toReversed(), offset });

/** Matrix i of a batch. */
function nth(view: View, i: number): View {
  const dims = view.shape.length - rank;
  let { offset } = view;
  for (let d = dims - 1, rest = i; d >= 0; d--) {
    offset += (rest % view.shape[d]) * view.strides[d];
    rest = Math.floor(rest / view.shape[d]);
  }
  return reshaped(view, view.shape.slice(dims), view.strides.slice(dims), offset);
}

