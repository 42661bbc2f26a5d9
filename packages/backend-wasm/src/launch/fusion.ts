// Chains of elementwise formulas become one kernel. One formula waits at a time: the next call either takes it into its own or has it
// computed. What was taken in is not stored; it keeps its formula, from which it is computed, or taken in again, when someone reads it.
// A matrix product waits likewise: a formula over its outputs is applied to each block of them that is done.
import { Program, inputExpr, isContiguous, sameShape, scalarExpr, sizeOf, substitute, topological } from "@dl/tensor";
import type { Expr, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import type { Cell } from "../heap/buffer.js";
import { WasmBuffer } from "../heap/buffer.js";
import type { Recipe } from "../heap/recipe.js";
import type { Maps } from "./map.js";
import type { Products } from "./matmul.js";
import { bufferOf } from "./views.js";

/** Longer formulas than this run out of registers. */
const mostInstructions = 24;
/** Below this many elements a pass over memory costs less than keeping a formula. */
const worthWaiting = 2048;
/** Inputs of one kernel. */
const mostInputs = 12;

const isFloat = (view: View): boolean => view.dtype === "float32";
const isWhole = (view: View): boolean => view.offset === 0 && sizeOf(view.shape) === bufferOf(view).size && isContiguous(view.shape, view.strides);
const cellOf = (view: View): Cell => bufferOf(view).cell;

/** The same view through another handle, which keeps nothing alive that a tensor holds. */
function ownHandle(view: View): View {
  const { cell, dtype, size } = bufferOf(view);
  return { buffer: new WasmBuffer(cell, dtype, size), dtype, shape: view.shape, strides: view.strides, offset: view.offset };
}

/** A formula with other leaves in place of its inputs and scalars. */
function releaved(root: Expr, input: (k: number) => Expr, scalar: (k: number) => Expr): Expr {
  const leaves = topological([root]).filter(({ op }) => op === "input" || op === "scalar");
  return substitute(root, new Map(leaves.map((leaf) => [leaf, (leaf.op === "input" ? input : scalar)(leaf.value)])));
}

/** `outer` with those inputs whose bits are set replaced by `inner`: outer's other inputs come first, then inner's; scalars likewise. */
function composed(outer: Program, inner: Program, positions: number): Program {
  let kept = 0;
  const places = Array.from({ length: outer.numInputs }, (_, i) => ((positions >> i) & 1 ? -1 : kept++));
  const innerRoot = releaved(inner.roots[0], (k) => inputExpr(kept + k), (k) => scalarExpr(outer.numScalars + k));
  const root = releaved(outer.roots[0], (k) => (places[k] < 0 ? innerRoot : inputExpr(places[k])), scalarExpr);
  return new Program([root], kept + inner.numInputs, outer.numScalars + inner.numScalars);
}

/** A product that waits for a formula over its outputs. */
interface WaitingProduct {
  /** Both sides, and what their product is added to. */
  readonly inputs: readonly View[];
  readonly out: View;
}

/** Whether the formula's inputs, outputs and those of the product all have one place per element. */
const finishes = ({ inputs, out }: Recipe, product: WaitingProduct): boolean =>
  inputs.some((view) => cellOf(view) === cellOf(product.out)) && [...inputs, out].every((view) => isWhole(view) && sizeOf(view.shape) === sizeOf(product.out.shape));

export class Fusion {
  /** The formula that waits for the next call. */
  private pending: Recipe | null = null;
  /** Comes before that formula. */
  private product: WaitingProduct | null = null;
  /** By outer program, then by inner program and positions. */
  private readonly programs = new Map<number, Map<number, Program>>();

  constructor(
    private readonly engine: Engine,
    private readonly maps: Maps,
    private readonly products: Products,
    private readonly enabled: boolean,
  ) {
    // A tensor that is collected is given back like any other: a formula may still wait to write it.
    engine.heap.whenLost = (cell) => { this.free(cell); };
  }

  /** Elementwise formulas: kept waiting where that may save a pass over memory, otherwise computed at once. */
  map(program: Program, inputs: readonly View[], outs: readonly View[], scalars: readonly number[]): void {
    const [out] = outs;
    if (!this.enabled || bufferOf(out).size < worthWaiting || outs.length !== 1 || program.instructions.length === 0 || !isFloat(out) || !isWhole(out) || !inputs.every(isFloat)) {
      this.before(inputs, outs);
      this.maps.run(program, inputs, outs, scalars);
      return;
    }
    const recipe = this.takingIn({ program, inputs, scalars, out });
    if (this.pending !== null) this.force();
    if (this.product !== null && !finishes(recipe, this.product)) this.multiply(null);
    this.settle(recipe.inputs);
    this.writing(out, false);
    this.pending = { program: recipe.program, inputs: this.held(recipe.inputs), scalars: recipe.scalars, out: ownHandle(out) };
  }

  /** A product waits for the next call, which may be a formula over its outputs. */
  matmul(a: View, b: View, out: View, offset?: View): void {
    const inputs = offset === undefined ? [a, b] : [a, b, offset];
    this.before(inputs, [out]);
    if (!this.enabled || bufferOf(out).size < worthWaiting || !isFloat(out) || !isWhole(out)) this.products.run(a, b, out, offset);
    else this.product = { inputs: this.held(inputs), out: ownHandle(out) };
  }

  /**
   * Called before every other kernel: what it reads is there, and what it writes is read by no formula that waits.
   * @param updates what it reads and writes
   */
  before(reads: readonly View[], writes: readonly View[], updates: readonly View[] = []): void {
    this.force();
    this.settle(reads);
    for (const view of writes) this.writing(view, !isWhole(view));
    for (const view of updates) this.writing(view, true);
  }

  /** A tensor's memory is given back by its owner. */
  free(cell: Cell): void {
    if (this.pending !== null && cellOf(this.pending.out) === cell) this.drop();
    if (cell.recipe !== null) this.released(cell);
    if (cell.readers > 0) cell.dying = true;
    else this.release(cell);
  }

  /** Views that stay readable until they are `unread`. */
  private held(views: readonly View[]): View[] {
    const own = views.map(ownHandle);
    for (const view of own) cellOf(view).readers++;
    return own;
  }

  private drop(): void {
    const { pending } = this;
    this.pending = null;
    if (pending !== null) this.unread(pending.inputs);
  }

  private force(): void {
    const { pending, product } = this;
    this.pending = null;
    if (pending !== null && product !== null && finishes(pending, product)) this.multiply(pending);
    else if (pending !== null) this.compute(pending);
    else if (product !== null) this.multiply(null);
  }

  /** Computes the product that waits. @param finish with this formula over its outputs */
  private multiply(finish: Recipe | null): void {
    const { product } = this;
    this.product = null;
    if (product === null) return;
    const [a, b, offset] = product.inputs as [View, View, View?];
    this.products.run(a, b, product.out, offset, finish);
    this.unread(product.inputs);
    if (finish !== null) this.unread(finish.inputs);
  }

  /** The formula with what it reads taken in, where that is waiting or was never stored. */
  private takingIn(recipe: Recipe): Recipe {
    let whole = recipe;
    for (const view of recipe.inputs) {
      const cell = cellOf(view);
      const waits = this.pending !== null && cellOf(this.pending.out) === cell;
      const inner = waits ? this.pending : cell.recipe;
      if (inner === null || !isWhole(view) || !sameShape(view.shape, recipe.out.shape) || !sameShape(inner.out.shape, recipe.out.shape)) continue;
      const together = this.compose(whole, inner);
      if (together === null) continue;
      if (waits) {
        // From now on it has no memory, only a formula.
        cell.recipe = inner;
        this.engine.heap.vacate(cell);
        this.pending = null;
      }
      whole = together;
    }
    return whole;
  }

  private compose(outer: Recipe, inner: Recipe): Recipe | null {
    if (outer.program.instructions.length + inner.program.instructions.length > mostInstructions) return null;
    if (outer.inputs.length + inner.inputs.length > mostInputs) return null;
    let positions = 0;
    outer.inputs.forEach((view, i) => { if (cellOf(view) === cellOf(inner.out) && isWhole(view)) positions |= 1 << i; });
    // Taken in already, with an input before.
    if (positions === 0) return null;
    const key = inner.program.id * 2 ** mostInputs + positions;
    let byInner = this.programs.get(outer.program.id);
    if (byInner === undefined) this.programs.set(outer.program.id, (byInner = new Map<number, Program>()));
    let program = byInner.get(key);
    if (program === undefined) byInner.set(key, (program = composed(outer.program, inner.program, positions)));
    const others = outer.inputs.filter((_, i) => ((positions >> i) & 1) === 0);
    return { program, inputs: [...others, ...inner.inputs], scalars: [...outer.scalars, ...inner.scalars], out: outer.out };
  }

  private compute(recipe: Recipe): void {
    this.multiply(null);
    this.settle(recipe.inputs);
    this.maps.run(recipe.program, recipe.inputs, [recipe.out], recipe.scalars);
    this.unread(recipe.inputs);
  }

  private unread(views: readonly View[]): void {
    for (const view of views) {
      const cell = cellOf(view);
      if (--cell.readers === 0 && cell.dying) this.release(cell);
    }
  }

  /** Nobody wants what is there, or is to come. */
  private release(cell: Cell): void {
    const { product } = this;
    this.engine.heap.free(cell);
    if (product === null || cellOf(product.out) !== cell) return;
    this.product = null;
    this.unread(product.inputs);
  }

  /** What has only a formula is computed, since it is read as it is. */
  private settle(views: readonly View[]): void {
    for (const view of views) {
      const cell = cellOf(view);
      const { recipe } = cell;
      if (recipe === null) continue;
      cell.recipe = null;
      this.compute(recipe);
    }
  }

  private released(cell: Cell): void {
    const { recipe } = cell;
    cell.recipe = null;
    if (recipe !== null) this.unread(recipe.inputs);
  }

  /** Formulas that read what was there keep it: the tensor that is written gets other memory. */
  private writing(view: View, keepsContent: boolean): void {
    const buffer = bufferOf(view);
    const { cell } = buffer;
    if (keepsContent) this.settle([view]);
    else this.released(cell);
    if (cell.readers === 0) return;
    buffer.cell = this.engine.heap.replaced(buffer, keepsContent);
    // Its memory ends with the formulas that read it.
    cell.dying = true;
  }
}
