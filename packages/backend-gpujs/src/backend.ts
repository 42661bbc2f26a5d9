import { DTypeError } from "@dl/registry";
import { contiguousStrides, isContiguous, newArray, reshaped, scatterAddOnHost, contiguousView, sizeOf } from "@dl/tensor";
import type { Backend, BackendInfo, Convolution, DType, Pool, Program, ReduceKind, TypedArray, View } from "@dl/tensor";
import { GpuBuffer, bufferOf, collected } from "./buffer.js";
import type { Holder } from "./buffer.js";
import type { Cell } from "./device/cell.js";
import type { Device } from "./device/device.js";
import { convolveCall, convolveInputCall, convolveWeight } from "./kernels/conv.js";
import { denseCall, mergeCall } from "./kernels/copy.js";
import { gatherCall, scatterAddCall } from "./kernels/gather.js";
import { mapCall } from "./kernels/map.js";
import { matmulCall } from "./kernels/matmul.js";
import { poolGradientCall, positionsCall, sumPoolCall } from "./kernels/pool.js";
import { reduced } from "./kernels/reduce.js";
import { standardize, standardizeGradient } from "./kernels/standardize.js";
import { Nursery } from "./nursery.js";
import type { Call } from "./source/builder.js";

const dtypes: readonly DType[] = ["float32", "int32", "bool", "uint8"];

/** Whole numbers are held as floats. */
const exactIntegers = 2 ** 24;

/** How the backend runs here, and why not better. */
export interface GpuInfo extends BackendInfo {
  readonly mode: string;
  /** The mode and the adapter. */
  readonly runs: string;
  /** What the driver calls the device; "" where it does not say. */
  readonly adapter: string;
  /** Elements of the largest tensor, and what sets that limit. */
  readonly mostElements: number;
  readonly limit: string;
}

/** Bytes that new tensors may take in a loop that never lets the engine have a turn. */
const nurseryBudget = 1 << 27;

/** Comparisons of indices with places beyond which the host adds faster. */
const mostLooks = 1 << 26;

export class GpuBackend implements Backend {
  readonly name = "gpujs";
  readonly capabilities: Backend["capabilities"];
  readonly readSync?: (view: View) => TypedArray;
  private readonly registry = new FinalizationRegistry<Holder>((holder) => { collected(this.device, holder); });
  private readonly nursery: Nursery | null;
  private readonly cellOf = (view: View): Cell => bufferOf(view, this.device).cell;

  constructor(
    private readonly device: Device,
    readonly info: GpuInfo,
    budget = nurseryBudget,
  ) {
    const { isAsync } = device.limits;
    this.nursery = isAsync ? null : new Nursery(budget);
    this.capabilities = { dtypes, readSync: !isAsync, maxOutputs: 1, exactIntegers };
    if (!isAsync) this.readSync = (view) => this.converted(view, (cell) => device.readSync(cell));
  }

  alloc(dtype: DType, size: number): GpuBuffer {
    if (!dtypes.includes(dtype)) throw new DTypeError("gpujs", `it has no ${dtype}`, `It has ${dtypes.join(", ")}; ${dtype} lives on the reference backend`, { dtype });
    this.device.check(size);
    const buffer = new GpuBuffer(this.device, this.nursery, dtype, size);
    this.registry.register(buffer, buffer.holder);
    return buffer;
  }

  write(dtype: DType, data: TypedArray): GpuBuffer {
    const numbers = floats(dtype, data);
    const buffer = this.alloc(dtype, data.length);
    if (data.length > 0) buffer.cell = this.device.upload(numbers);
    return buffer;
  }

  read(view: View): Promise<TypedArray> {
    const { dtype } = view;
    if (sizeOf(view.shape) === 0) return Promise.resolve(newArray(dtype, 0));
    const own = this.dense(view);
    const data = this.device.read(own.cell).then((numbers) => typed(dtype, numbers));
    own.release();
    return data;
  }

  free(buffer: object): void {
    bufferOf({ buffer }, this.device).free();
  }

  memory(): { bytes: number; buffers: number } {
    return { bytes: this.device.bytes, buffers: this.device.cells };
  }

  map(program: Program, inputs: readonly View[], [out]: readonly View[], scalars: readonly number[]): void {
    this.store(out, () => this.run(mapCall(program, inputs, out.shape, scalars, this.cellOf), sizeOf(out.shape)));
  }

  reduce(kind: ReduceKind, program: Program | null, inputs: readonly View[], scalars: readonly number[], dims: readonly number[], out: View): void {
    const kept = inputs[0].shape.map((_, d) => d).filter((d) => !dims.includes(d));
    this.store(out, () => reduced({ kind, program, inputs, scalars, kept, gone: dims }, this.cellOf, this.runCall, this.releaseCell));
  }

  matmul(a: View, b: View, out: View, offset?: View): void {
    this.store(out, () => this.run(matmulCall(a, b, out, offset, this.cellOf), sizeOf(out.shape)));
  }

  gather(x: View, index: View, dim: number, out: View): void {
    this.store(out, () => this.run(gatherCall(x, index, dim, this.cellOf), sizeOf(out.shape)));
  }

  scatterAdd(index: View, src: View, dim: number, out: View): void {
    if (sizeOf(index.shape) === 0) return;
    const size = sizeOf(out.shape);
    this.store(out, () => (size * index.shape[dim] > mostLooks ? this.scatterOnHost(index, src, dim, out) : this.run(scatterAddCall(index, src, dim, out, this.cellOf), size)));
  }

  copy(source: View, target: View): void {
    const buffer = bufferOf(target, this.device);
    if (sizeOf(target.shape) === 0) return;
    if (isWhole(target, buffer)) buffer.cell = this.run(denseCall(source, this.cellOf), buffer.size);
    else buffer.cell = this.run(mergeCall(buffer.cell, source, target, this.cellOf), buffer.size);
  }

  convolve(x: View, w: View, out: View, geometry: Convolution): void {
    this.store(out, () => this.run(convolveCall(x, w, out, geometry, this.cellOf), sizeOf(out.shape)));
  }

  convolveInput(y: View, w: View, out: View, geometry: Convolution): void {
    this.store(out, () => this.run(convolveInputCall(y, w, out, geometry, this.cellOf), sizeOf(out.shape)));
  }

  convolveWeight(x: View, y: View, out: View, geometry: Convolution): void {
    this.store(out, () => convolveWeight(x, y, out, geometry, this.cellOf, this.runCall, this.sumOfRows));
  }

  maxPool(x: View, pool: Pool, values: View, positions: View): void {
    this.store(positions, () => this.run(positionsCall(x, pool, positions, this.cellOf), sizeOf(positions.shape)));
    this.gather(lined(x), lined(positions), 2, lined(values));
  }

  maxPoolGradient(y: View, positions: View, pool: Pool, out: View): void {
    this.store(out, () => this.run(poolGradientCall(y, positions, pool, out, this.cellOf), sizeOf(out.shape)));
  }

  sumPool(x: View, pool: Pool, out: View): void {
    this.store(out, () => this.run(sumPoolCall(x, pool, out, this.cellOf), sizeOf(out.shape)));
  }

  sumPoolGradient(y: View, pool: Pool, out: View): void {
    this.store(out, () => this.run(poolGradientCall(y, null, pool, out, this.cellOf), sizeOf(out.shape)));
  }

  standardize(x: View, eps: number, y: View, mean: View, variance: View): void {
    standardize(this, x, eps, y, mean, variance);
  }

  standardizeGradient(grad: View, y: View, variance: View, eps: number, out: View): void {
    standardizeGradient(this, grad, y, variance, eps, out);
  }

  private readonly runCall = (call: Call, size: number): Cell => this.run(call, size);

  /** The sum of a cell's rows, which it then gives back. */
  private readonly sumOfRows = (cell: Cell, rows: number): Cell => {
    const view: View = contiguousView(cell, "float32", [rows, cell.size / rows]);
    const total = reduced({ kind: "sum", program: null, inputs: [view], scalars: [], kept: [1], gone: [0] }, () => cell, this.runCall, this.releaseCell);
    this.device.release(cell);
    return total;
  };

  private readonly releaseCell = (cell: Cell): void => { this.device.release(cell); };

  private run({ source, inputs, numbers }: Call, size: number): Cell {
    return this.device.run(source, size, inputs, numbers);
  }

  /** Gives the output its new numbers; where it is only part of a buffer, the rest stays. */
  private store(out: View, compute: () => Cell): void {
    const size = sizeOf(out.shape);
    if (size === 0) return;
    const buffer = bufferOf(out, this.device);
    const cell = compute();
    if (isWhole(out, buffer)) {
      buffer.cell = cell;
      return;
    }
    const source = reshaped(out, [size], [1], 0);
    buffer.cell = this.run(mergeCall(buffer.cell, source, reshaped(out, [size], [1]), () => cell), buffer.size);
    this.device.release(cell);
  }

  /** The view's numbers in order, and nothing else. */
  private dense(view: View): { readonly cell: Cell; release(): void } {
    const buffer = bufferOf(view, this.device);
    if (isWhole(view, buffer)) return { cell: buffer.cell, release: () => undefined };
    const cell = this.run(denseCall(view, this.cellOf), sizeOf(view.shape));
    return { cell, release: () => { this.device.release(cell); } };
  }

  private converted(view: View, read: (cell: Cell) => Float32Array): TypedArray {
    if (sizeOf(view.shape) === 0) return newArray(view.dtype, 0);
    const own = this.dense(view);
    const data = typed(view.dtype, read(own.cell));
    own.release();
    return data;
  }

  private scatterOnHost(index: View, src: View, dim: number, out: View): Cell {
    const [places, values, sums] = [index, src, out].map((view) => ({ view, own: this.dense(view) }));
    const cell = this.device.runOnHost(sizeOf(out.shape), [places.own.cell, values.own.cell, sums.own.cell], (i, x, before) => {
      const result = before.slice(0, sizeOf(out.shape));
      scatterAddOnHost(contiguousView(Int32Array.from(i), "int32", index.shape), contiguousView(x, "float32", src.shape), dim, contiguousView(result, "float32", out.shape));
      return result;
    });
    for (const { own } of [places, values, sums]) own.release();
    return cell;
  }
}

const isWhole = (view: View, buffer: GpuBuffer): boolean => view.offset === 0 && sizeOf(view.shape) === buffer.size && isContiguous(view.shape, view.strides);

/** Planes [N, C, ...S] as lines [N, C, S], which positions count along. */
const lined = (planes: View): View => {
  const [n, c, ...sizes] = planes.shape;
  const shape = [n, c, sizeOf(sizes)];
  return reshaped(planes, shape, contiguousStrides(shape));
};

/** A copy of the numbers as floats. @throws DTypeError for a whole number that no float is */
function floats(dtype: DType, data: TypedArray): Float32Array {
  const copy = Float32Array.from(data);
  if (dtype !== "int32") return copy;
  const lost = data.findIndex((x, i) => x !== copy[i]);
  if (lost >= 0) throw new DTypeError("gpujs", `int32 ${data[lost]} cannot be held: whole numbers are exact up to ${exactIntegers} there`, "Keep such a tensor on another backend", { value: data[lost] });
  return copy;
}

/** A copy of the device's floats as numbers of a dtype. */
function typed(dtype: DType, numbers: Float32Array): TypedArray {
  const data = newArray(dtype, numbers.length);
  data.set(numbers);
  return data;
}
