import { Program, bytesOf, collapse, contiguousView, inputExpr, matmulOnHost, reshaped, sizeOf } from "@dl/tensor";
import type { View } from "@dl/tensor";
import { scratchBytes } from "../engine.js";
import type { Engine } from "../engine.js";
import type { Recipe } from "../heap/recipe.js";
import type { Kernel } from "../kernel.js";
import { GemmArgs, gemmFinishAt, gemmModule, packedColumnsBytes, packedRowsBytes, padded, rowsPerUnit } from "../kernels/gemm/gemm.js";
import type { GemmEntry } from "../kernels/gemm/gemm.js";
import { ThinArgs, mostThinRows, thinFinishAt, thinModule, thinUnit } from "../kernels/gemm/thin.js";
import type { ThinWay } from "../kernels/gemm/thin.js";
import { tileColumns } from "../kernels/gemm/tile.js";
import { ThinInt8Args, thinInt8Module } from "../kernels/gemm/thin-int8.js";
import type { Copies } from "./copy.js";
import { Finishes } from "./finish.js";
import type { Maps } from "./map.js";
import type { Reductions } from "./reduce.js";
import { Temporaries } from "./temporaries.js";
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
  private readonly finishes: Finishes;

  constructor(
    private readonly engine: Engine,
    private readonly maps: Maps,
    private readonly reductions: Reductions,
    private readonly copies: Copies,
  ) {
    this.finishes = new Finishes(engine);
  }

  /** @param finish a formula over the outputs, each of which it reads at its own place; `out` is then all of its buffer */
  run(a: View, b: View, out: View, offset?: View, finish: Recipe | null = null): void {
    if (this.multiply(a, b, out, offset, finish) || finish === null) return;
    this.maps.run(finish.program, finish.inputs, [finish.out], finish.scalars);
  }

  /** @returns whether the outputs are finished as well */
  private multiply(a: View, b: View, out: View, offset: View | undefined, finish: Recipe | null): boolean {
    if (sizeOf(out.shape) === 0) return false;
    const dims = out.shape.length;
    const steps = a.shape[dims - 1];
    if (sizeOf(out.shape) * steps <= tiny) {
      const { engine } = this;
      engine.begin();
      const views = [a, b, out].map((view) => onHost(engine, view));
      matmulOnHost(views[0], views[1], views[2], offset && onHost(engine, offset));
      return false;
    }
    if (a.dtype === "int8" && steps > 0) {
      this.int8(a, b, out, offset);
      return false;
    }
    if (a.dtype !== "float32" || steps === 0) {
      this.asSum(a, b, out, offset);
      return false;
    }
    // Products are added to what is there.
    if (offset !== undefined) this.copies.run(offset, out);
    const isFirst = offset === undefined;
    const batch = sizeOf(out.shape.slice(0, dims - rank));
    const columns = out.shape[dims - 1];
    if (batch > 1 && packedRowsBytes + packedColumnsBytes(steps, columns) <= scratchBytes) this.batch(a, b, out, isFirst, finish);
    else if (batch === 1) this.single(nth(a, 0), nth(b, 0), nth(out, 0), isFirst, finish);
    else {
      for (let i = 0; i < batch; i++) this.single(nth(a, i), nth(b, i), nth(out, i), isFirst, null);
      return false;
    }
    return true;
  }

  /** Bytes, two steps at a time: half the work of floats. */
  private int8(a: View, b: View, out: View, offset: View | undefined): void {
    const isFirst = offset === undefined;
    if (!isFirst) this.copies.run(offset, out);
    const batch = sizeOf(out.shape.slice(0, out.shape.length - rank));
    for (let i = 0; i < batch; i++) {
      const own = new Temporaries(this.engine, this.copies);
      try {
        this.pairs(own, nth(a, i), nth(b, i), nth(out, i), isFirst);
      } finally {
        own.release();
      }
    }
  }

  private pairs(own: Temporaries, a: View, b: View, out: View, isFirst: boolean): void {
    const left = own.pairedLines(a);
    const [rows, steps] = a.shape;
    if (rows > mostThinRows || b.strides[0] !== 1 || left.strides[1] !== 1) {
      this.packed(left, turned(own.pairedLines(turned(b))), out, isFirst, null, true);
      return;
    }
    const { engine } = this;
    engine.begin();
    engine.argumentsOf(ThinInt8Args, {
      a: addressToRead(engine, left), aRow: left.strides[0] * bytesOf("int32"), b: addressToRead(engine, b), bColumn: b.strides[1],
      c: addressToWrite(engine, out), cRow: out.strides[0] * bytesOf("int32"), steps, isFirst: Number(isFirst),
    });
    engine.launch(engine.kernel(`product of int8:${rows}`, (shared) => thinInt8Module(rows, shared)), out.shape[1], thinGrain, rows * steps * out.shape[1]);
  }

  /** Other integers, which no one multiplies by the million: Σₖ a·b as a reduction. */
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

  private batch(a: View, b: View, out: View, isFirst: boolean, finish: Recipe | null): void {
    const { engine } = this;
    const dims = out.shape.length - rank;
    const leading = (view: View): View => reshaped(view, view.shape.slice(0, dims), view.strides.slice(0, dims));
    const walk = collapse(out.shape.slice(0, dims), [a, b, out].map(leading));
    const depth = walk.shape.length;
    engine.begin();
    this.describe(a, b, out, isFirst);
    const kernel = this.kernel("batch", depth, finish);
    walk.shape.forEach((size, d) => { engine.argument(GemmArgs.batch + d, size); });
    walk.strides.forEach((own, k) => {
      own.forEach((stride, d) => { engine.argument(GemmArgs.batch + depth * (1 + k) + d, stride * bytesOf("float32")); });
    });
    engine.launch(kernel, sizeOf(walk.shape), 1, sizeOf(out.shape) * a.shape[a.shape.length - 1]);
  }

  private single(a: View, b: View, out: View, isFirst: boolean, finish: Recipe | null): void {
    if (this.thin(a, b, out, isFirst, finish)) return;
    if (out.shape[1] === 1 && this.thin(turned(b), turned(a), turned(out), isFirst, finish)) return;
    this.packed(a, b, out, isFirst, finish);
  }

  /** Few rows, if the right side can be read as it lies. @returns whether that was so */
  private thin(a: View, b: View, out: View, isFirst: boolean, finish: Recipe | null): boolean {
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
    const kernel = this.finishes.kernel(`product ${way}:${rows}`, finish, thinFinishAt, (shared, shape) => thinModule(way, rows, { fma: engine.fma }, shared, shape));
    if (way === "dots") engine.launch(kernel, columns, thinGrain, rows * steps * columns);
    else engine.launch(kernel, Math.ceil(columns / thinUnit(rows)), 1, rows * steps * columns);
    return true;
  }

  /** One product: B is packed once, by all threads, then they share C's blocks. */
  private packed(a: View, b: View, out: View, isFirst: boolean, finish: Recipe | null, pairs = false): void {
    const { engine } = this;
    const [[rows, steps], columns] = [a.shape, out.shape[1]];
    const work = rows * steps * columns;
    engine.begin();
    this.describe(a, b, out, isFirst);
    const packed = engine.heap.borrow(packedColumnsBytes(steps, columns));
    engine.argument(GemmArgs.packed, packed.pointer);
    engine.launch(this.kernel("pack", 0, null), Math.ceil(columns / tileColumns), 4, steps * columns);
    const rowUnits = Math.ceil(rows / rowsPerUnit);
    // With few rows, columns are shared out as well.
    const wanted = Math.max(1, Math.ceil((4 * engine.threads) / rowUnits));
    const perUnit = padded(Math.max(64, Math.ceil(columns / wanted)), tileColumns);
    engine.argument(GemmArgs.rowUnits, rowUnits);
    engine.argument(GemmArgs.columnsPerUnit, perUnit);
    engine.launch(this.kernel("multiply", 0, finish, pairs), rowUnits * Math.ceil(columns / perUnit), 1, work);
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

  private kernel(entry: GemmEntry, depth: number, finish: Recipe | null, pairs = false): Kernel {
    const name = `product ${entry}:${depth}${pairs ? " of pairs" : ""}`;
    return this.finishes.kernel(name, finish, gemmFinishAt(depth), (shared, shape) => gemmModule(entry, depth, { fma: this.engine.fma, pairs }, shared, shape));
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

