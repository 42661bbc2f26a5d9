import { ShapeError, StateError } from "@dl/registry";
import { showShape, state, withGradMode } from "@dl/tensor";
import type { Origin, Tensor } from "@dl/tensor";
import type { Recomputation } from "./recomputation.js";

/**
 * Every tensor on a path from `roots` back to where recording began, in order of creation: inputs before what they gave.
 * @param since the id from which on tensors belong to it; those made before are left out
 */
export function tape(roots: readonly Tensor[], since = 0): Tensor[] {
  const seen = new Set<Tensor>();
  const pending = roots.filter((root) => root.requiresGrad);
  // An explicit stack: graphs may be tens of thousands of ops deep.
  for (let x = pending.pop(); x !== undefined; x = pending.pop()) {
    if (seen.has(x)) continue;
    seen.add(x);
    if (x.origin === null) continue;
    for (const input of x.origin.inputs) if (input.requiresGrad && input.id >= since && !seen.has(input)) pending.push(input);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Adds to `wanted` the tensors of `order` through which some of it are reached. */
export function addLeading(order: readonly Tensor[], wanted: Set<Tensor>): Set<Tensor> {
  for (const x of order) if (x.origin?.inputs.some((input) => wanted.has(input)) ?? false) wanted.add(x);
  return wanted;
}

function checkGradient(name: string, position: number, gradient: Tensor, input: Tensor): void {
  const { shape } = gradient;
  if (shape === input.shape) return;
  if (shape.length !== input.shape.length || shape.some((size, d) => size !== input.shape[d])) {
    throw new ShapeError(
      "backward",
      `"${name}" gave input ${position} of shape ${showShape(input.shape)} a gradient of shape ${showShape(shape)}`,
      "A gradient has the shape of its input",
      { op: name, shapes: [input.shape, shape] },
    );
  }
}

/** Whether a gradient rule computes its part again, told without the class: a program without checkpoints does not carry it. */
const isRecomputation = (rule: object): rule is Recomputation => "isRecomputation" in rule;

export interface Sweep {
  readonly roots: readonly Tensor[];
  /** ∂loss/∂root for each root. */
  readonly seeds: readonly Tensor[];
  /** Only paths that end here are followed; all of them when left out. */
  readonly targets?: ReadonlySet<Tensor>;
  readonly createGraph: boolean;
  readonly retainGraph: boolean;
  /** Called once per tensor, when its gradient is complete; one that is to stay must be held. */
  readonly visit: (x: Tensor, gradient: Tensor) => void;
}

/** What a sweep knows while it runs. */
export interface Progress {
  /** Gradients that are not complete yet, or were not visited. */
  readonly gradients: Map<Tensor, Tensor>;
  /** Tensors that lead to a target; `null` when all are wanted. */
  readonly wanted: Set<Tensor> | null;
  readonly visit: Sweep["visit"];
}

export function accumulate(gradients: Progress["gradients"], x: Tensor, gradient: Tensor): void {
  const sofar = gradients.get(x);
  const total = sofar === undefined ? gradient : sofar.add(gradient);
  total.hold(1);
  sofar?.hold(-1);
  gradients.set(x, total);
}

function passOn(x: Tensor, origin: Origin, gradient: Tensor, { gradients, wanted }: Progress): void {
  const { inputs } = origin;
  const needs = inputs.map((input) => input.requiresGrad && (wanted === null || wanted.has(input)));
  const parts = origin.backward(gradient, x, needs);
  for (let k = 0; k < inputs.length; k++) {
    const part = parts[k];
    if (part === null || !needs[k]) continue;
    checkGradient(origin.name, k, part, inputs[k]);
    accumulate(gradients, inputs[k], part);
  }
}

/** Gives memory back that a gradient rule used on the way: nobody can have seen it, unless the rule calls someone else's code. */
function freeingTemporaries(origin: Origin | null, gradient: Tensor, body: () => void): void {
  const outer = state.made;
  const mayStore = origin?.rule.mayStore === true;
  if (mayStore) gradient.hold(Infinity);
  const made: (typeof state)["made"] = state.gradEnabled || mayStore ? null : [];
  state.made = made;
  try {
    body();
  } finally {
    state.made = outer;
    if (made !== null) for (const storage of made) storage.hold(0);
  }
}

/** Passes the gradients that are there on, from the last tensor of a tape to its first. */
export function propagate(order: readonly Tensor[], progress: Progress): void {
  const { gradients, visit } = progress;
  for (let i = order.length - 1; i >= 0; i--) {
    const x = order[i];
    const gradient = gradients.get(x);
    if (gradient === undefined) continue;
    // Complete by now, and of no use to anything that comes later in the sweep.
    gradients.delete(x);
    const { origin } = x;
    if (origin !== null && isRecomputation(origin.rule)) {
      visit(x, gradient);
      origin.rule.unfold(x, origin, gradient, progress);
    } else {
      freeingTemporaries(origin, gradient, () => {
        visit(x, gradient);
        if (origin !== null) passOn(x, origin, gradient, progress);
      });
    }
    gradient.hold(-1);
  }
}

/**
 * Reverse sweep over the graph: each op's gradient runs once, after the gradients of everything made from its output have been
 * added up.
 */
export function sweep({ roots, seeds, targets, createGraph, retainGraph, visit }: Sweep): void {
  const order = tape(roots);
  const gradients = new Map<Tensor, Tensor>();
  withGradMode(createGraph, () => {
    roots.forEach((root, i) => { accumulate(gradients, root, seeds[i]); });
    propagate(order, { gradients, wanted: targets === undefined ? null : addLeading(order, new Set(targets)), visit });
  });
  if (!retainGraph) for (const x of order) release(x);
}

/** Lets go of what a tensor was computed from, and of memory that only the tape has seen. */
function release(x: Tensor): void {
  x.endInner();
  if (x.origin === null || x.origin.isReleased) return;
  for (const input of x.origin.inputs) input.endInner();
  x.origin.release();
}

/** The seed of a sweep: 1 for a scalar, otherwise what the caller gives. */
export function seedFor(where: string, root: Tensor, given: Tensor | undefined): Tensor {
  if (!root.requiresGrad) {
    throw new StateError(where, "nothing that requires a gradient leads to this tensor", "Compute it from parameters, not in noGrad");
  }
  if (given !== undefined) {
    if (showShape(given.shape) !== showShape(root.shape)) {
      throw new ShapeError(where, `the gradient has shape ${showShape(given.shape)}, the output ${showShape(root.shape)}`, "Give one of the output's shape", {
        shapes: [root.shape, given.shape],
      });
    }
    return given;
  }
  if (root.size !== 1) {
    throw new ShapeError(where, `the output of shape ${showShape(root.shape)} is not a scalar`, "Reduce it with .mean() or .sum(), or pass its gradient", { shape: root.shape });
  }
  return root.makeEmpty(root.shape, root.dtype).add(1);
}
