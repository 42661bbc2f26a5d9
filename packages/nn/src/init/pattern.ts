import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkInit, fill, generatorOf } from "./fill.js";
import type { InitOptions } from "./fill.js";

export interface DiracOptions {
  /** Groups of channels that are kept apart. Default 1. */
  readonly groups?: number;
}

export interface SparseOptions extends InitOptions {
  /** Standard deviation of what is not 0. Default 0.01. */
  readonly std?: number;
}

function checkMatrix(where: string, { shape }: Tensor): void {
  if (shape.length !== 2) throw new ShapeError(where, `the tensor has shape ${showShape(shape)}`, "Give a matrix, [rows, columns]", { shape });
}

/** The identity: 1 on the diagonal of a matrix, 0 elsewhere. @throws ShapeError unless it is a matrix */
export function eye<T extends Tensor>(target: T): T {
  checkMatrix("init.eye", target);
  const [rows, columns] = target.shape;
  return fill("init.eye", target, (values) => {
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  });
}

/**
 * A convolution that hands on its input: 1 in the middle of the kernel from channel i to channel i, as far as there are channels,
 * 0 elsewhere; with groups, in each of them. Shapes: [out, in, ...kernel] of 3 to 5 dims.
 * @throws ShapeError for other shapes, ValueError unless groups divide the output channels
 */
export function dirac<T extends Tensor>(target: T, options: DiracOptions = {}): T {
  checkOptions("init.dirac", options, ["groups"]);
  const { groups = 1 } = options;
  const { shape } = target;
  if (shape.length < 3 || shape.length > 5) {
    throw new ShapeError("init.dirac", `the tensor has shape ${showShape(shape)}`, "Give the weight of a convolution, [out, in, ...kernel]", { shape });
  }
  const [out, into, ...kernel] = shape;
  if (!Number.isSafeInteger(groups) || groups < 1 || out % groups !== 0) {
    throw new ValueError("init.dirac", `groups is ${groups} for ${out} output channels`, "Give a whole number that divides them", { groups, out });
  }
  const field = kernel.reduce((a, b) => a * b, 1);
  const middle = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  const perGroup = out / groups;
  return fill("init.dirac", target, (values) => {
    for (let channel = 0; channel < out; channel++) {
      const i = channel % perGroup;
      if (i < into) values[(channel * into + i) * field + middle] = 1;
    }
  });
}

/**
 * N(0, std²) with ⌈sparsity·rows⌉ zeros in every column, at random. Shapes: [rows, columns]. (Martens, 2010)
 * @throws ShapeError unless it is a matrix, ValueError for a sparsity out of [0, 1]
 */
export function sparse<T extends Tensor>(target: T, sparsity: number, options: SparseOptions = {}): T {
  checkInit("init.sparse", options, ["std"]);
  checkMatrix("init.sparse", target);
  const { std = 0.01 } = options;
  if (!(sparsity >= 0 && sparsity <= 1)) throw new ValueError("init.sparse", `sparsity is ${sparsity}`, "Give a number in [0, 1]", { sparsity });
  const [rows, columns] = target.shape;
  return fill("init.sparse", target, (values) => {
    const generator = generatorOf(options);
    generator.fillNormal(values, 0, std);
    for (let column = 0; column < columns; column++) {
      for (const row of generator.permutation(rows).subarray(0, Math.ceil(sparsity * rows))) values[row * columns + column] = 0;
    }
  });
}
