import type { Backend, CumulativeKind, View } from "../../backend/contract.js";
import { input } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { Program } from "../../expr/program.js";
import { sizeOf } from "../../shape.js";
import { contiguousView, reshaped } from "../../view.js";

const formulas: Readonly<Record<CumulativeKind, (earlier: Expr, later: Expr) => Expr>> = {
  sum: (earlier, later) => earlier.add(later),
  max: (earlier, later) => earlier.max(later),
  min: (earlier, later) => earlier.min(later),
};

const programs = new Map<CumulativeKind, Program>();

function programOf(kind: CumulativeKind): Program {
  let program = programs.get(kind);
  if (program === undefined) programs.set(kind, (program = new Program([formulas[kind](input(0), input(1))], 2, 0)));
  return program;
}

/**
 * `Backend.cumulative` out of the required members, by doubling: after the step of width s, place i holds the result over the
 * 2s places that end there. (Hillis & Steele, 1986)
 */
export function cumulativeByDoubling(backend: Backend, kind: CumulativeKind, x: View, dim: number, out: View): void {
  const [length, outer] = [x.shape[dim], x.shape.toSpliced(dim, 1)];
  const lines = sizeOf(outer);
  // Places first, so that a stretch of places is contiguous memory, as the outputs of `map` must be.
  const shape = [length, ...outer];
  const front = (view: View): View => reshaped(view, shape, [view.strides[dim], ...view.strides.toSpliced(dim, 1)]);
  const scratch = (): View => contiguousView(backend.alloc(x.dtype, length * lines), x.dtype, shape);
  const stretch = (view: View, from: number, to: number): View =>
    reshaped(view, [to - from, ...outer], view.strides, view.offset + from * view.strides[0]);

  let [now, next] = [scratch(), scratch()];
  backend.copy(front(x), now);
  for (let width = 1; width < length; width *= 2) {
    backend.copy(stretch(now, 0, width), stretch(next, 0, width));
    backend.map(programOf(kind), [stretch(now, 0, length - width), stretch(now, width, length)], [stretch(next, width, length)], []);
    [now, next] = [next, now];
  }
  backend.copy(now, front(out));
  for (const { buffer } of [now, next]) backend.free(buffer);
}
