import { DTypeError } from "@dl/registry";
import { bytesOf, toHost } from "@dl/tensor";
import type { Backend, BackendInfo, Convolution, CumulativeKind, DType, Pool, TypedArray, View } from "@dl/tensor";
import { Engine } from "./engine.js";
import type { EngineOptions } from "./engine.js";
import type { WasmBuffer } from "./heap/buffer.js";
import type { HeapUse } from "./heap/heap.js";
import { Attentions } from "./launch/attention.js";
import { Convolutions } from "./launch/convolve.js";
import { Copies } from "./launch/copy.js";
import { Fusion } from "./launch/fusion.js";
import { Gathers } from "./launch/gather.js";
import { MapsOfMany } from "./launch/map-each.js";
import { Maps } from "./launch/map.js";
import { Products } from "./launch/matmul.js";
import { Orders } from "./launch/order.js";
import { Pools } from "./launch/pool.js";
import { Reductions } from "./launch/reduce.js";
import { RowKernels } from "./launch/rows.js";
import { bufferOf, onHost } from "./launch/views.js";
import { WindowTables } from "./launch/windows.js";

const dtypes: readonly DType[] = ["float32", "int32", "bool", "uint8", "int8"];

/** How the backend runs here, and why not better. */
export interface WasmInfo extends BackendInfo {
  readonly threads: number;
  readonly fma: boolean;
  readonly heap: HeapUse;
}

export class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly capabilities = { dtypes, readSync: true, maxOutputs: 16 };
  private readonly engine: Engine;
  private readonly fusion: Fusion;
  private readonly mapsOfMany: MapsOfMany;
  private readonly reductions: Reductions;
  private readonly copies: Copies;
  private readonly gathers: Gathers;
  private readonly orders: Orders;
  private readonly convolutions: Convolutions;
  private readonly pools: Pools;
  private readonly rows: RowKernels;
  private readonly attentions: Attentions;

  constructor(
    options: EngineOptions,
    private readonly notes: readonly string[] = [],
  ) {
    this.engine = new Engine(options);
    const maps = new Maps(this.engine);
    this.mapsOfMany = new MapsOfMany(this.engine, maps);
    this.reductions = new Reductions(this.engine);
    this.copies = new Copies(this.engine, maps);
    this.gathers = new Gathers(this.engine);
    this.orders = new Orders(this.engine);
    this.fusion = new Fusion(this.engine, maps, new Products(this.engine, maps, this.reductions, this.copies), options.fusion);
    this.convolutions = new Convolutions(this.engine, this.copies, new WindowTables(this.engine));
    this.pools = new Pools(this.engine);
    this.rows = new RowKernels(this.engine);
    this.attentions = new Attentions(this.engine);
  }

  get info(): WasmInfo {
    const { threads, fma, heap } = this.engine;
    return { threads, fma, notes: this.notes, heap: heap.use() };
  }

  get threads(): number {
    return this.engine.threads;
  }

  /** Helpers that are up; all of them once this is `threads` − 1. */
  get helpersReady(): number {
    return this.engine.pool?.ready ?? 0;
  }

  alloc(dtype: DType, size: number): WasmBuffer {
    if (!dtypes.includes(dtype)) throw new DTypeError("wasm", `it has no ${dtype}`, `It has ${dtypes.join(", ")}; ${dtype} lives on the reference backend`, { dtype });
    return this.engine.heap.alloc(dtype, size);
  }

  write(dtype: DType, data: TypedArray): WasmBuffer {
    const buffer = this.alloc(dtype, data.length);
    this.engine.begin();
    const pointer = this.engine.heap.overwriting(buffer.cell);
    const { heap } = this.engine;
    if (dtype === "float32") heap.f32.set(data, pointer / bytesOf(dtype));
    else if (dtype === "int32") heap.i32.set(data, pointer / bytesOf(dtype));
    else heap.i8.set(data, pointer);
    return buffer;
  }

  read(view: View): Promise<TypedArray> {
    return Promise.resolve(this.readSync(view));
  }

  readSync(view: View): TypedArray {
    this.fusion.before([view], []);
    this.engine.begin();
    return toHost(onHost(this.engine, view));
  }

  free(buffer: object): void {
    this.fusion.free(bufferOf({ buffer }).cell);
  }

  memory(): { bytes: number; buffers: number } {
    const { bytes, buffers } = this.engine.heap.use();
    return { bytes, buffers };
  }

  map(...[program, inputs, outs, scalars]: Parameters<Backend["map"]>): void {
    this.fusion.map(program, inputs, outs, scalars);
  }

  mapEach(...[program, calls]: Parameters<NonNullable<Backend["mapEach"]>>): void {
    this.fusion.before(calls.flatMap(({ inputs }) => inputs), calls.flatMap(({ outs }) => outs));
    this.mapsOfMany.run(program, calls);
  }

  reduce(...[kind, program, inputs, scalars, dims, out]: Parameters<Backend["reduce"]>): void {
    this.fusion.before(inputs, [out]);
    this.reductions.run(kind, program, inputs, scalars, dims, out);
  }

  matmul(a: View, b: View, out: View, offset?: View): void {
    this.fusion.matmul(a, b, out, offset);
  }

  gather(x: View, index: View, dim: number, out: View): void {
    this.fusion.before([x, index], [out]);
    this.gathers.gather(x, index, dim, out);
  }

  scatterAdd(index: View, src: View, dim: number, out: View): void {
    this.fusion.before([index, src], [], [out]);
    this.gathers.scatterAdd(index, src, dim, out);
  }

  copy(source: View, target: View): void {
    this.fusion.before([source], [target]);
    this.copies.run(source, target);
  }

  sort(x: View, dim: number, descending: boolean, values: View, indices: View): void {
    this.fusion.before([x], [values, indices]);
    this.orders.sort(x, dim, descending, values, indices);
  }

  cumulative(kind: CumulativeKind, x: View, dim: number, out: View): void {
    this.fusion.before([x], [out]);
    this.orders.cumulative(kind, x, dim, out);
  }

  convolve(x: View, w: View, out: View, geometry: Convolution): void {
    this.fusion.before([x, w], [out]);
    this.convolutions.forward(x, w, out, geometry);
  }

  convolveInput(y: View, w: View, out: View, geometry: Convolution): void {
    this.fusion.before([y, w], [out]);
    this.convolutions.backwardInput(y, w, out, geometry);
  }

  convolveWeight(x: View, y: View, out: View, geometry: Convolution): void {
    this.fusion.before([x, y], [out]);
    this.convolutions.backwardWeight(x, y, out, geometry);
  }

  maxPool(x: View, pool: Pool, values: View, positions: View): void {
    this.fusion.before([x], [values, positions]);
    this.pools.max(x, pool, values, positions);
  }

  sumPool(x: View, pool: Pool, out: View): void {
    this.fusion.before([x], [out]);
    this.pools.sum(x, pool, out);
  }

  sumPoolGradient(y: View, pool: Pool, out: View): void {
    this.fusion.before([y], [out]);
    this.pools.spread(y, pool, out);
  }

  attend(query: View, key: View, value: View, scale: number, isCausal: boolean, out: View, logTotals: View): void {
    this.fusion.before([query, key, value], [out, logTotals]);
    this.attentions.run(query, key, value, scale, isCausal, out, logTotals);
  }

  softmax(x: View, logarithm: boolean, out: View): void {
    this.fusion.before([x], [out]);
    this.rows.softmax([x], logarithm, out);
  }

  softmaxGradient(output: View, grad: View, logarithm: boolean, out: View): void {
    this.fusion.before([output, grad], [out]);
    this.rows.softmax([output, grad], logarithm, out);
  }

  standardize(x: View, eps: number, y: View, mean: View, variance: View): void {
    this.fusion.before([x], [y, mean, variance]);
    this.rows.standardize(x, eps, y, mean, variance);
  }

  standardizeGradient(grad: View, y: View, variance: View, eps: number, out: View): void {
    this.fusion.before([grad, y, variance], [out]);
    this.rows.standardizeGradient(grad, y, variance, eps, out);
  }
}
