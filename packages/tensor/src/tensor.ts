import { ShapeError } from "@dl/registry";
import type { Backend, DeviceBuffer, View } from "./backend/contract.js";
import { tensorBrand } from "./brand.js";
import { isFloat } from "./dtype.js";
import type { DType, TypedArray } from "./dtype.js";
import type { Nested } from "./op/example.js";
import type { Origin } from "./op/origin.js";
import { layOut } from "./format/print.js";
import * as arithmetic from "./ops/arithmetic.js";
import * as comparison from "./ops/comparison.js";
import * as exponential from "./ops/exponential.js";
import * as activation from "./ops/activation.js";
import { matmul } from "./ops/matmul.js";
import { clone } from "./ops/moving.js";
import { moveTo } from "./ops/move-to.js";
import * as reduction from "./ops/reduction.js";
import type { Dims, ReduceOptions } from "./ops/reduction.js";
import * as views from "./ops/views.js";
import { cast } from "./ops/cast.js";
import { item, nested, readAsync, readNow } from "./read.js";
import { contiguousStrides, isContiguous, sameShape, showShape, sizeOf } from "./shape.js";
import type { Shape } from "./shape.js";
import { state } from "./state.js";
import { Storage } from "./storage.js";

export type Operand = Tensor | number;

/**
 * An n-dimensional array that remembers how it was computed. Tensors are values: no method changes one.
 * Make them with `tensor`, `zeros`, `randn`, …; call `backward(loss)` of `@dl/autograd` for gradients.
 */
export class Tensor implements View {
  readonly [tensorBrand] = true;
  readonly id = state.nextId++;
  /** Whether gradients flow to (or through) this tensor. */
  requiresGrad = false;
  /** `grad`, for whoever looks at it and does not keep it. @internal */
  gradient: Tensor | null = null;
  /** Set by `retainGrad`: `backward` keeps the gradient although this is no leaf. */
  retainsGrad = false;
  /** What this tensor was computed by; `null` for leaves. */
  origin: Origin | null = null;
  /** When the value was last replaced (on the scale of `id`); 0 for never. */
  assignedAt = 0;

  constructor(
    private storage: Storage,
    readonly shape: Shape,
    /** Distance between neighbours along each dim, in elements. */
    public strides: Shape,
    /** Where the first element lies, in elements. */
    public offset: number,
  ) {}

  /** ∂loss/∂this, added up by `backward`; only leaves and tensors marked by `retainGrad` collect it. */
  get grad(): Tensor | null {
    // Whoever asks may keep it: its memory is no longer given back when the gradient is forgotten.
    this.gradient?.hold(Infinity);
    return this.gradient;
  }
  set grad(value: Tensor | null) {
    value?.hold(1);
    this.gradient?.hold(-1);
    this.gradient = value;
  }

  get dtype(): DType { return this.storage.dtype; }
  get buffer(): DeviceBuffer { return this.storage.buffer; }
  get backend(): Backend { return this.storage.backend; }
  /** Number of dimensions. */
  get ndim(): number { return this.shape.length; }
  /** Number of elements. */
  get size(): number { return sizeOf(this.shape); }
  get isLeaf(): boolean { return this.origin === null; }
  get isContiguous(): boolean { return isContiguous(this.shape, this.strides); }

  // Arithmetic. Numbers and tensors broadcast; int32 with a fractional number gives float32.
  add(other: Operand): Tensor { return arithmetic.add(this, other); }
  sub(other: Operand): Tensor { return arithmetic.sub(this, other); }
  mul(other: Operand): Tensor { return arithmetic.mul(this, other); }
  /** True division: int32 operands give float32. */
  div(other: Operand): Tensor { return arithmetic.div(this, other); }
  neg(): Tensor { return arithmetic.neg(this); }
  pow(exponent: Operand): Tensor { return arithmetic.pow(this, exponent); }
  square(): Tensor { return arithmetic.square(this); }
  abs(): Tensor { return arithmetic.abs(this); }
  sqrt(): Tensor { return exponential.sqrt(this); }
  exp(): Tensor { return exponential.exp(this); }
  /** Natural logarithm. */
  log(): Tensor { return exponential.log(this); }
  /** Limits values to [low, high]; either bound may be `-Infinity` or `Infinity`. */
  clamp(low: number, high: number): Tensor {
    // Infinity is no int32: as a bound of integers it stands for their own.
    const most = isFloat(this.dtype) ? Infinity : 2 ** 31;
    return arithmetic.clamp(this, Math.max(low, -most), Math.min(high, most - 1));
  }

  // Comparisons give bool tensors.
  eq(other: Operand): Tensor { return comparison.eq(this, other); }
  ne(other: Operand): Tensor { return comparison.ne(this, other); }
  lt(other: Operand): Tensor { return comparison.lt(this, other); }
  le(other: Operand): Tensor { return comparison.le(this, other); }
  gt(other: Operand): Tensor { return comparison.gt(this, other); }
  ge(other: Operand): Tensor { return comparison.ge(this, other); }

  relu(): Tensor { return activation.relu(this); }
  sigmoid(): Tensor { return activation.sigmoid(this); }
  tanh(): Tensor { return activation.tanh(this); }

  // Reductions: over all dims, one, or several.
  sum(dims?: Dims, options?: ReduceOptions): Tensor { return reduction.sum(this, dims, options); }
  mean(dims?: Dims, options?: ReduceOptions): Tensor { return reduction.mean(this, dims, options); }
  /** Largest values; ties share the gradient evenly, as torch.amax. */
  max(dims?: Dims, options?: ReduceOptions): Tensor { return reduction.max(this, dims, options); }
  min(dims?: Dims, options?: ReduceOptions): Tensor { return reduction.min(this, dims, options); }
  /** Index of the first largest value along `dim`, or in the flattened tensor; int32. */
  argmax(dim?: number, options?: ReduceOptions): Tensor { return reduction.argmax(this, dim, options); }

  matmul(other: Tensor): Tensor { return matmul(this, other); }

  // Views: the same memory, read another way.
  /** One size may be −1: it is worked out from the others. Copies only where strides leave no other way. */
  reshape(shape: Shape): Tensor { return views.reshape(this, shape); }
  /** Merges dims `start` … `end` into one. */
  flatten(start = 0, end = -1): Tensor { return views.flatten(this, start, end); }
  permute(dims: readonly number[]): Tensor { return views.permute(this, dims); }
  /** Swaps two dims; the last two by default. */
  transpose(dim0 = -2, dim1 = -1): Tensor { return views.transpose(this, dim0, dim1); }
  /** Removes dims of size 1: the ones named, or all. */
  squeeze(dims?: Dims): Tensor { return views.squeeze(this, dims); }
  unsqueeze(dim: number): Tensor { return views.unsqueeze(this, dim); }
  /** Stretches dims of size 1, and adds leading ones; −1 keeps a size. */
  expand(shape: Shape): Tensor { return views.expand(this, shape); }
  /** Elements start, start + step, … before end along `dim`; negative positions count from the end. */
  slice(dim: number, start?: number, end?: number, step?: number): Tensor { return views.slice(this, dim, start, end, step); }
  /** One position along `dim`, which vanishes. */
  select(dim: number, index: number): Tensor { return views.select(this, dim, index); }
  /** Itself when row-major already, otherwise a row-major copy. */
  contiguous(): Tensor { return this.isContiguous ? this : clone(this); }
  clone(): Tensor { return clone(this); }


  /** Converts to a dtype, or moves to a backend. Gradients flow back through both. */
  to(target: DType | Backend): Tensor { return typeof target === "string" ? cast(this, target) : moveTo(this, target); }

  /** The same value cut off from the graph; memory is shared. */
  detach(): Tensor { return this.makeView(this.shape, this.strides, this.offset); }

  /** A copy of the elements, row-major. */
  data(): Promise<TypedArray> { return readAsync(this); }
  /** @throws BackendError where the backend can only be read asynchronously */
  dataSync(): TypedArray { return readNow(this); }
  /** The value of a tensor with one element. */
  item(): number { return item(this); }
  /** Nested arrays; a number (or truth value) for a 0-d tensor. */
  toArray(): Nested { return nested(this); }
  toString(): string {
    return layOut({ dtype: this.dtype, shape: this.shape, data: readNow(this) }, { requiresGrad: this.requiresGrad });
  }

  /** A fresh zero tensor on the same backend. @internal */
  makeEmpty(shape: Shape, dtype: DType): Tensor {
    const { backend } = this.storage;
    const size = sizeOf(shape);
    const strides = shape === this.shape && this.isContiguous ? this.strides : contiguousStrides(shape);
    return new Tensor(new Storage(backend, backend.alloc(dtype, size), dtype, size), shape, strides, 0);
  }

  /** A leaf with a copy of `data`, on this tensor's backend or another. @internal */
  makeFrom(data: TypedArray, dtype: DType, shape: Shape, backend = this.backend): Tensor {
    return fromArray(backend, data, dtype, shape);
  }

  /** A leaf over the same memory. @internal */
  makeView(shape: Shape, strides: Shape, offset: number): Tensor {
    this.storage.shared = true;
    return new Tensor(this.storage, shape, strides, offset);
  }

  /** Counts who holds this memory while gradients flow; see `Storage.hold`. @internal */
  hold(change: number): void {
    this.storage.hold(change);
  }

  /** Whether the two read the same memory, as views do. @internal */
  sharesMemoryWith(other: Tensor): boolean {
    return this.storage === other.storage;
  }

  /**
   * Says that this was used to compute `next`, and that nobody else can have seen it: its memory is given back with the tape, or at
   * once where nothing is recorded. @internal
   */
  passedOnTo(next: Tensor): void {
    const { storage } = this;
    if (storage === next.storage) return;
    storage.inner = true;
    if (next.origin === null) this.endInner();
  }

  /** Gives memory back that only the tape has seen; the tape is done with it. @internal */
  endInner(): void {
    const { storage } = this;
    if (!storage.inner) return;
    storage.inner = false;
    storage.backend.free(storage.buffer);
  }

  /**
   * Replaces the value by another of the same shape and dtype: how optimizers, running statistics and loading write.
   * Views of the old memory keep the old value; backward through an op that read it is refused. @internal
   */
  assign(value: Tensor): void {
    value.storage.shared = true;
    this.adopt(value);
  }

  /** `assign`, where nobody else holds `value`. @internal */
  adopt(value: Tensor): void {
    if (!sameShape(value.shape, this.shape) || value.dtype !== this.dtype) {
      throw new ShapeError(
        "assign",
        `a ${this.dtype} tensor of shape ${showShape(this.shape)} cannot take a ${value.dtype} value of shape ${showShape(value.shape)}`,
        "Convert or reshape the value first",
      );
    }
    const fresh = value.isContiguous && value.offset === 0 && value.storage.size === value.size ? value : clone(value);
    const { storage } = this;
    this.storage = fresh.storage;
    // Without views nobody can read the old value any more.
    if (!storage.shared) storage.backend.free(storage.buffer);
    this.strides = fresh.strides;
    this.offset = fresh.offset;
    this.assignedAt = state.nextId++;
  }
}

/** A leaf with a copy of `data`. */
export const fromArray = (backend: Backend, data: TypedArray, dtype: DType, shape: Shape): Tensor =>
  new Tensor(new Storage(backend, backend.write(dtype, data), dtype, data.length), shape, contiguousStrides(shape), 0);
