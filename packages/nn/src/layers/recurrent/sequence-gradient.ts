import { grad as gradientsOf } from "@dl/autograd";
import { state } from "@dl/tensor";
import type { BackwardContext, GradientRule, Tensor } from "@dl/tensor";
import type { CellState, CellWeights, Recurrence } from "./recurrences.js";
import { scan } from "./scan.js";
import { slicesOf } from "./sequence-cell.js";
import type { SequenceCell } from "./sequence-cell.js";
import { packedRows, stepsOf } from "./steps.js";
import type { Step } from "./steps.js";
import { release } from "./unrecorded.js";

/** What the tape keeps of a sequence beside tensors. */
interface Recorded {
  readonly recurrence: Recurrence;
  readonly cell: SequenceCell;
  readonly batchSizes: readonly number[];
  readonly isReverse: boolean;
  readonly numBiases: number;
}

type Context = BackwardContext<Recorded>;

interface Operands {
  readonly data: Tensor;
  readonly weights: CellWeights;
  readonly initial: CellState;
  /** What forward kept of each step, [Σ batchSizes, H] each. */
  readonly kept: readonly Tensor[];
  /** Cells in slots, for an LSTM. */
  readonly cells: readonly Tensor[];
}

/** The node's inputs by their names: data, weights, state, biases, and what forward kept. */
function operandsOf(inputs: readonly Tensor[], { cell: { parts }, numBiases }: Recorded): Operands {
  const [data, input, hidden, ...rest] = inputs;
  const biases = rest.slice(parts, parts + numBiases);
  const [kept, ...cells] = rest.slice(parts + numBiases);
  return {
    data,
    weights: { input, hidden, inputBias: biases.at(0) ?? null, hiddenBias: biases.at(1) ?? null, projection: null },
    initial: rest.slice(0, parts),
    kept: slicesOf(kept),
    cells,
  };
}

/** The sequence's way back, step by step. */
class Sweep {
  readonly operands: Operands;
  /** Gradient of the projected inputs, [Σ batchSizes, gates·H], and of the products with the hidden states. */
  readonly toInputs: Tensor;
  readonly toProducts: Tensor;
  /** States in slots: hidden, and the cells. */
  private readonly slots: readonly Tensor[];
  private readonly count: number;

  constructor(private readonly context: Context) {
    const { inputs, output, options } = context;
    const { cell } = options;
    this.operands = operandsOf(inputs, options);
    const { data, cells } = this.operands;
    this.slots = [output, ...cells];
    this.count = options.batchSizes[0];
    this.toInputs = data.makeEmpty([data.shape[0], cell.gates * output.shape[2]], data.dtype);
    this.toProducts = cell.hasProducts ? data.makeEmpty(this.toInputs.shape, data.dtype) : this.toInputs;
  }

  /** Fills the gradients of all steps. @returns those of the initial state */
  run(): readonly Tensor[] {
    const { grad, options: { batchSizes, isReverse, cell } } = this.context;
    const steps = stepsOf(batchSizes, isReverse).reverse();
    let toState: readonly Tensor[] = [steps[0].after, batchSizes.length + 1].slice(0, cell.parts).map((slot) => grad.select(0, slot));
    for (const step of steps) {
      const toBefore = this.stepBack(step, toState);
      toState.forEach(release);
      toState = toBefore;
    }
    return toState;
  }

  private stepBack({ start, count, before, after }: Step, toAfter: readonly Tensor[]): readonly Tensor[] {
    const { weights, kept } = this.operands;
    const rows = (x: Tensor): Tensor => x.slice(0, start, start + count);
    const taking = (x: Tensor): Tensor => (count === this.count ? x : x.slice(0, 0, count));
    const given = this.context.grad.select(0, before);
    const toBefore = toAfter.map((part) => part.makeEmpty(part.shape, part.dtype));
    this.context.options.cell.backward({
      weights,
      before: this.slots.map((part) => taking(part.select(0, before))),
      after: this.slots.map((part) => taking(part.select(0, after))),
      kept: kept.map(rows),
      toAfter: toAfter.map(taking),
      given: taking(given),
      toInputs: rows(this.toInputs),
      toProducts: rows(this.toProducts),
      toBefore: toBefore.map(taking),
    });
    if (count < this.count) this.passBy(count, toAfter, given, toBefore);
    return toBefore;
  }

  /** Sequences that take no part in a step keep their state, and its gradient. */
  private passBy(count: number, toAfter: readonly Tensor[], given: Tensor, toBefore: readonly Tensor[]): void {
    toAfter.forEach((part, k) => {
      const same = part.slice(0, count);
      part.backend.copy(k === 0 ? same.add(given.slice(0, count)) : same, toBefore[k].slice(0, count));
    });
  }
}

/** One kernel and one product per step, then one product for each of the inputs and weights. */
function gradients(context: Context): (Tensor | null)[] {
  const { output, needs, options: { cell, batchSizes, isReverse, numBiases } } = context;
  const sweep = new Sweep(context);
  const toInitial = sweep.run();
  const { operands: { data, weights, kept }, toInputs, toProducts } = sweep;
  const toHidden = (): Tensor => {
    const before = packedRows(output, batchSizes, isReverse ? 1 : 0);
    return cell.toHiddenWeights?.(toProducts, before, kept) ?? toProducts.transpose().matmul(before);
  };
  const toInputBias = numBiases > 0 ? toInputs.sum(0) : null;
  const toHiddenBias = numBiases > 1 && toProducts !== toInputs ? toProducts.sum(0) : toInputBias;
  return [
    needs[0] ? toInputs.matmul(weights.input) : null,
    needs[1] ? toInputs.transpose().matmul(data) : null,
    needs[2] ? toHidden() : null,
    ...toInitial,
    ...[toInputBias, toHiddenBias].slice(0, numBiases),
  ];
}

/** The same as differentiable ops: the sequence once more, step by step on a tape of its own. */
function differentiableGradients({ grad, inputs, needs, options }: Context): (Tensor | null)[] {
  // Other tensors with the inputs' values: one input may have been computed from another, whose own gradient has no part in this.
  const aliases = inputs.map((x, i) => (needs[i] ? x.reshape(x.shape) : x));
  const { data, weights, initial } = operandsOf(aliases, options);
  const { recurrence, batchSizes, isReverse, cell } = options;
  const ran = scan({ recurrence, weights, data, batchSizes, initial, isReverse });
  const ended = batchSizes[isReverse ? 0 : batchSizes.length - 1];
  const parts: (readonly [output: Tensor, seed: Tensor])[] = [[ran.data, packedRows(grad, batchSizes, isReverse ? 0 : 1)]];
  // The last states of sequences that end earlier; the others' are among the rows.
  if (ended < batchSizes[0]) parts.push([ran.last[0].slice(0, ended), grad.select(0, batchSizes.length).slice(0, ended)]);
  if (cell.parts === 2) parts.push([ran.last[1], grad.select(0, batchSizes.length + 1)]);
  const wanted = aliases.filter((_, i) => needs[i]);
  const found = gradientsOf(parts.map(([output]) => output), wanted, { gradOutputs: parts.map(([, seed]) => seed), createGraph: true });
  return needs.map((need) => (need ? found.shift() ?? null : null));
}

export const sequenceRule: GradientRule<Recorded> = {
  name: "recurrence",
  flops: ([data, input, hidden], output, { cell }) => data.shape[0] * (2 * (input.size + hidden.size) + cell.flops * output.shape[2]),
  backward: (context) => {
    const found = state.gradEnabled ? differentiableGradients(context) : gradients(context);
    return context.inputs.map((_, i) => found.at(i) ?? null);
  },
};
