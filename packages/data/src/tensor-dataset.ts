import { ShapeError, ValueError } from "@dl/registry";
import { currentBackend, isTensor, showShape, sizeOf, tensor, type Backend, type HostArray, type Tensor, type TypedArray } from "@dl/tensor";
import { checkIndices, Dataset } from "./dataset.js";

/** Inputs and targets of the same samples; the first dim of each is the batch. */
export interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
}

const hostArray = (field: HostArray | Tensor): HostArray =>
  isTensor(field) ? { dtype: field.dtype, shape: field.shape, data: field.dataSync() } : field;

function checkField(name: string, { shape, data }: HostArray): void {
  if (shape.length === 0) throw new ShapeError("TensorDataset", `${name} is a single number`, "Its first dim must count the samples", { name });
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError("TensorDataset", `${name} has ${data.length} elements for shape ${showShape(shape)}`, "Give the shape of the data", { name, shape });
  }
}

const sameKind = (data: TypedArray, size: number): TypedArray => new (data.constructor as new (size: number) => TypedArray)(size);

function copyRows({ dtype, shape, data }: HostArray, rows: ArrayLike<number>): HostArray {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  const out = sameKind(data, rows.length * size);
  for (let i = 0; i < rows.length; i++) out.set(data.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
  return { dtype, shape: [rows.length, ...rest], data: out };
}

const toTensor = ({ dtype, shape, data }: HostArray): Tensor => tensor(data, { shape, dtype });

/**
 * Samples in memory: x of shape [N, …] and y of shape [N, …]. Batches are tensors on the backend in use when they are made.
 *
 *     const data = new TensorDataset({ x: tensor(inputs), y: tensor(labels, { dtype: "int32" }) });
 *
 * Host arrays are kept as they are, not copied; tensors are read once.
 * @throws ShapeError when x and y differ in their number of samples, or a shape does not fit its data
 */
export class TensorDataset extends Dataset<Batch> {
  readonly length: number;
  readonly #x: HostArray;
  readonly #y: HostArray;
  #whole: { readonly backend: Backend; readonly batch: Batch } | undefined;

  constructor({ x, y }: { readonly x: HostArray | Tensor; readonly y: HostArray | Tensor }) {
    super();
    this.#x = hostArray(x);
    this.#y = hostArray(y);
    checkField("x", this.#x);
    checkField("y", this.#y);
    this.length = this.#x.shape[0];
    if (this.#y.shape[0] !== this.length) {
      throw new ShapeError("TensorDataset", `x has ${this.length} samples, y has ${this.#y.shape[0]}`, "Give both the same first dim", {
        x: this.#x.shape,
        y: this.#y.shape,
      });
    }
  }

  /** All inputs, shape [N, …]. */
  get x(): Tensor {
    return this.#all().x;
  }

  /** All targets, shape [N, …]. */
  get y(): Tensor {
    return this.#all().y;
  }

  /** The arrays behind `x` and `y`. They are the data set's own: read them only. */
  get host(): { readonly x: HostArray; readonly y: HostArray } {
    return { x: this.#x, y: this.#y };
  }

  /** @throws ValueError for an index out of range */
  batch(indices: ArrayLike<number>): Batch {
    checkIndices("TensorDataset.batch", indices, this.length);
    return { x: toTensor(copyRows(this.#x, indices)), y: toTensor(copyRows(this.#y, indices)) };
  }

  /** A data set of copies of the samples at `indices`. @throws ValueError for an index out of range */
  override subset(indices: ArrayLike<number>): TensorDataset {
    checkIndices("TensorDataset.subset", indices, this.length);
    return new TensorDataset({ x: copyRows(this.#x, indices), y: copyRows(this.#y, indices) });
  }

  /** The first `count` samples; they share memory with this data set. @throws ValueError unless 0 ≤ count ≤ length */
  take(count: number): TensorDataset {
    if (!(Number.isInteger(count) && count >= 0 && count <= this.length)) {
      throw new ValueError("TensorDataset.take", `cannot take ${count} of ${this.length} samples`, "Give a whole number that is not larger", { count });
    }
    const first = ({ dtype, shape, data }: HostArray): HostArray => {
      const rest = shape.slice(1);
      return { dtype, shape: [count, ...rest], data: data.subarray(0, count * sizeOf(rest)) };
    };
    return new TensorDataset({ x: first(this.#x), y: first(this.#y) });
  }

  #all(): Batch {
    const backend = currentBackend();
    if (this.#whole?.backend !== backend) this.#whole = { backend, batch: { x: toTensor(this.#x), y: toTensor(this.#y) } };
    return this.#whole.batch;
  }
}
