import type { Backend, View } from "../../backend/contract.js";
import { input, scalar, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { Program } from "../../expr/program.js";
import { contiguousStrides, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import { contiguousView, reshaped } from "../../view.js";

/** An element under comparison: its value and the position it came from. */
interface Entry {
  readonly value: Expr;
  readonly position: Expr;
}

/** Whether `a` comes before `b`. Positions differ, so one of the two always does, and equal values keep their order. */
function precedes(a: Entry, b: Entry, length: Expr, descending: boolean): Expr {
  const [aPads, bPads] = [a.position.ge(length), b.position.ge(length)];
  const [aMisses, bMisses] = [a.value.isNaN(), b.value.isNaN()];
  const byValue = descending ? a.value.gt(b.value) : a.value.lt(b.value);
  const tied = a.value.eq(b.value).or(aMisses.and(bMisses));
  const ordered = select(tied, a.position.lt(b.position), select(aMisses.ne(bMisses), descending ? aMisses : bMisses, byValue));
  return select(aPads.ne(bPads), bPads, ordered);
}

/** Inputs: value and position of the element here and of its partner, and whether here is the lower place of the two. Outputs: what stays here. */
function exchange(descending: boolean): readonly [value: Expr, position: Expr] {
  const here = { value: input(0), position: input(1) };
  const partner = { value: input(2), position: input(3) };
  const stays = precedes(here, partner, scalar(0), descending).eq(input(4));
  return [select(stays, here.value, partner.value), select(stays, here.position, partner.position)];
}

const programs = new Map<string, readonly Program[]>();

/** The exchange as one program, or as one for each output where the backend writes a single output at a time. */
function exchangePrograms(descending: boolean, together: boolean): readonly Program[] {
  const key = `${descending ? "descending" : "ascending"} ${together ? "together" : "apart"}`;
  let list = programs.get(key);
  if (list === undefined) {
    const roots = exchange(descending);
    list = together ? [new Program(roots, 5, 1)] : roots.map((root) => new Program([root], 5, 1));
    programs.set(key, list);
  }
  return list;
}

interface Lines {
  readonly values: View;
  readonly positions: View;
}

const scratch = (backend: Backend, like: View, shape: Shape): View => contiguousView(backend.alloc(like.dtype, sizeOf(shape)), like.dtype, shape);

/** The padded lines, [lines, width]: the elements of x moved to the front and their positions counted from 0. */
function load(backend: Backend, x: View, dim: number, width: number, positions: View): Lines {
  const last = x.shape.length - 1;
  const [length, outer] = [x.shape[dim], x.shape.toSpliced(dim, 1)];
  const values = scratch(backend, x, [...outer, width]);
  const moved = reshaped(x, [...outer, length], [...x.strides.toSpliced(dim, 1), x.strides[dim]]);
  backend.copy(moved, reshaped(values, moved.shape, values.strides));
  const counted = backend.write("int32", Int32Array.from({ length: width }, (_, i) => i));
  const shape = [...outer, width];
  const stretched: View = { buffer: counted, dtype: "int32", shape, strides: shape.map((_, d) => (d === last ? 1 : 0)), offset: 0 };
  backend.copy(stretched, reshaped(positions, shape, contiguousStrides(shape)));
  backend.free(counted);
  return { values, positions };
}

/** Shows lines of any shape as [lines, blocks, 2 halves, places]. */
const inHalves = (view: View, block: number): View => {
  const width = view.shape[view.shape.length - 1];
  const lines = sizeOf(view.shape) / width;
  return reshaped(view, [lines, width / block, 2, block / 2], [width, block, block / 2, 1]);
};

/** The same, but every element replaced by its partner: the mirrored one of its block, or the one at the same place of the other half. */
const partners = (view: View, mirrored: boolean): View => {
  const [lineStride, blockStride, halfStride] = view.strides;
  return mirrored
    ? reshaped(view, view.shape, [lineStride, blockStride, -halfStride, -1], view.offset + blockStride - 1)
    : reshaped(view, view.shape, [lineStride, blockStride, -halfStride, 1], view.offset + halfStride);
};

/**
 * `Backend.sort` out of the required members: a bitonic network over lines padded to a power of two. Each block's merge begins by
 * comparing mirrored places, so all comparisons point the same way and every step is one `map` over the whole tensor.
 */
export function sortByNetwork(backend: Backend, x: View, dim: number, descending: boolean, values: View, indices: View): void {
  const length = x.shape[dim];
  let width = 1;
  while (width < length) width *= 2;
  const shape = [...x.shape.toSpliced(dim, 1), width];
  const together = backend.capabilities.maxOutputs > 1;
  const compared = exchangePrograms(descending, together);
  let now = load(backend, x, dim, width, scratch(backend, indices, shape));
  let next: Lines = { values: scratch(backend, x, shape), positions: scratch(backend, indices, shape) };
  const halves = backend.write("bool", Uint8Array.of(1, 0));

  const step = (block: number, mirrored: boolean): void => {
    const own = [inHalves(now.values, block), inHalves(now.positions, block)];
    const lower: View = { buffer: halves, dtype: "bool", shape: own[0].shape, strides: [0, 0, 1, 0], offset: 0 };
    const outs = [inHalves(next.values, block), inHalves(next.positions, block)];
    const inputs = [...own, ...own.map((view) => partners(view, mirrored)), lower];
    compared.forEach((program, k) => { backend.map(program, inputs, together ? outs : [outs[k]], [length]); });
    [now, next] = [next, now];
  };
  for (let merged = 2; merged <= width; merged *= 2) {
    step(merged, true);
    for (let block = merged / 2; block >= 2; block /= 2) step(block, false);
  }

  const show = (view: View, target: View): void => {
    const front = shape.with(-1, length);
    const moved = reshaped(target, front, [...target.strides.toSpliced(dim, 1), target.strides[dim]]);
    backend.copy(reshaped(view, front, view.strides), moved);
  };
  show(now.values, values);
  show(now.positions, indices);
  for (const { buffer } of [now.values, now.positions, next.values, next.positions]) backend.free(buffer);
  backend.free(halves);
}
