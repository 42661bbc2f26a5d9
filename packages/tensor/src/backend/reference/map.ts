import { newArray } from "../../dtype.js";
import type { TypedArray } from "../../dtype.js";
import type { Instruction, Program, Typing } from "../../expr/program.js";
import { isContiguous, sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import type { View } from "../contract.js";
import { arrayOf } from "./buffer.js";
import { collapse, forEachRow } from "./geometry.js";
import { copyLane, loads, loops, multiplyInt32, stores, toTruth, truncate } from "./loops.js";
import type { Lane, Loop } from "./loops.js";

/** Elements evaluated at a time: intermediate values then stay in the first-level cache. */
const chunk = 1024;

interface Step {
  readonly loop: Loop;
  readonly args: readonly [number, number, number];
  readonly slot: number;
}

/** A program prepared for one typing: which loop runs on which slots, and arrays kept for constants and intermediate values. */
interface Plan {
  readonly typing: Typing;
  readonly steps: readonly Step[];
  /** One array per slot, filled anew by every run: views' own arrays, scratch or the bank of constants. */
  readonly lanes: Lane[];
  readonly offsets: number[];
  readonly strides: number[];
  readonly scratch: readonly Lane[];
  /** Scalars, then constants. */
  readonly bank: Lane;
}

const plans = new Map<number, Map<Typing, Plan>>();

function planOf(program: Program, typing: Typing): Plan {
  let byTyping = plans.get(program.id);
  if (byTyping === undefined) plans.set(program.id, (byTyping = new Map<Typing, Plan>()));
  let plan = byTyping.get(typing);
  if (plan === undefined) byTyping.set(typing, (plan = makePlan(program, typing)));
  return plan;
}

const scratchPools = { float32: [] as Float32Array[], float64: [] as Float64Array[] };

/** Scratch for `slots` intermediate values. All plans share it: only one runs at a time. */
function scratchFor(compute: Typing["compute"], slots: number): readonly Lane[] {
  const pool = scratchPools[compute];
  while (scratchPools.float32.length < slots) scratchPools.float32.push(new Float32Array(chunk));
  while (scratchPools.float64.length < slots) scratchPools.float64.push(new Float64Array(chunk));
  return pool;
}

function makePlan(program: Program, typing: Typing): Plan {
  const newLane = (size: number): Lane => (typing.compute === "float32" ? new Float32Array(size) : new Float64Array(size));
  const bank = newLane(program.numScalars + program.constants.length);
  bank.set(program.constants, program.numScalars);
  const empty = newLane(0);
  const steps = program.instructions.map((instruction): Step => {
    const [a = 0, b = a, c = a] = instruction.args;
    return { loop: loopOf(instruction, typing), args: [a, b, c], slot: instruction.slot };
  });
  return {
    typing,
    steps,
    lanes: new Array<Lane>(program.numSlots).fill(empty),
    offsets: new Array<number>(program.numSlots).fill(0),
    strides: new Array<number>(program.numSlots).fill(0),
    scratch: scratchFor(typing.compute, program.numSlots),
    bank,
  };
}

function loopOf({ op, slot, dtype }: Instruction, typing: Typing): Loop {
  if (op === "mul" && typing.slots[slot] === "int32") return multiplyInt32;
  if (op !== "cast") return loops[op];
  if (dtype === "bool") return toTruth;
  return dtype === "float32" || dtype === "float64" ? copyLane : truncate;
}

/** Whether a view's own array can be read or written as a lane, without conversion. */
const isLane = (array: TypedArray, compute: Typing["compute"]): array is Lane =>
  compute === "float32" ? array instanceof Float32Array : array instanceof Float64Array;

/** Evaluates `program` for one evenly spaced row of `n` elements, chunk by chunk. */
class Row {
  private readonly arrays: TypedArray[];
  private readonly outArrays: TypedArray[];

  constructor(
    private readonly program: Program,
    private readonly plan: Plan,
    private readonly inputs: readonly View[],
    private readonly outs: readonly View[],
    scalars: readonly number[],
  ) {
    this.arrays = inputs.map(arrayOf);
    this.outArrays = outs.map(arrayOf);
    const { lanes, offsets, strides, bank } = plan;
    for (let k = 0; k < scalars.length; k++) bank[k] = scalars[k];
    for (let slot = inputs.length, k = 0; slot < program.numLeaves; slot++, k++) {
      lanes[slot] = bank;
      offsets[slot] = k;
      strides[slot] = 0;
    }
  }

  /** @param starts offsets of the inputs, then of the outputs; @param steps their strides, in the same order */
  run(n: number, starts: readonly number[], steps: readonly number[]): void {
    const direct = this.directOutput(steps);
    const size = this.runsWhole(direct) ? n : chunk;
    for (let done = 0; done < n; done += size) this.runChunk(Math.min(size, n - done), done, starts, steps, direct);
  }

  /** A single step over arrays that need no conversion needs no scratch, so it runs over the whole row at once. */
  private runsWhole(direct: Lane | null): boolean {
    const { steps, typing } = this.plan;
    return direct !== null && steps.length === 1 && this.arrays.every((array) => isLane(array, typing.compute));
  }

  private runChunk(n: number, done: number, starts: readonly number[], steps: readonly number[], direct: Lane | null): void {
    const { plan, program } = this;
    const { lanes, offsets, strides } = plan;
    this.bindInputs(n, done, starts, steps);
    const last = plan.steps.length - 1;
    const outAt = starts[this.inputs.length] + done;
    for (let s = 0; s <= last; s++) {
      const { loop, args, slot } = plan.steps[s];
      const [a, b, c] = args;
      const toOut = direct !== null && s === last;
      const out = toOut ? direct : plan.scratch[slot];
      const o = toOut ? outAt : 0;
      loop(n, out, o, lanes[a], offsets[a], strides[a], lanes[b], offsets[b], strides[b], lanes[c], offsets[c], strides[c]);
      lanes[slot] = out;
      offsets[slot] = o;
      strides[slot] = 1;
    }
    if (direct === null) program.outputs.forEach((slot, k) => { this.store(slot, k, n, done, starts, steps); });
  }

  private bindInputs(n: number, done: number, starts: readonly number[], steps: readonly number[]): void {
    const { lanes, offsets, strides, scratch, typing } = this.plan;
    for (let v = 0; v < this.arrays.length; v++) {
      const array = this.arrays[v];
      const at = starts[v] + done * steps[v];
      if (isLane(array, typing.compute)) {
        lanes[v] = array;
        offsets[v] = at;
        strides[v] = steps[v];
      } else {
        loads[this.inputs[v].dtype](n, scratch[v], 0, array, at, steps[v]);
        lanes[v] = scratch[v];
        offsets[v] = 0;
        strides[v] = 1;
      }
    }
  }

  /** The output's own array, when the last step may write it without conversion. */
  private directOutput(steps: readonly number[]): Lane | null {
    const { plan, program, outArrays } = this;
    const last = plan.steps.at(-1);
    if (outArrays.length !== 1 || last === undefined || program.outputs[0] !== last.slot) return null;
    const array = outArrays[0];
    return steps[this.inputs.length] === 1 && isLane(array, plan.typing.compute) ? array : null;
  }

  private store(slot: number, k: number, n: number, done: number, starts: readonly number[], steps: readonly number[]): void {
    const { lanes, offsets, strides, scratch } = this.plan;
    const v = this.inputs.length + k;
    let lane = lanes[slot];
    let at = offsets[slot];
    if (strides[slot] !== 1) {
      // The program's value is a leaf: a constant, a scalar or a strided input.
      copyLane(n, scratch[slot], 0, lane, at, strides[slot], lane, 0, 0, lane, 0, 0);
      lane = scratch[slot];
      at = 0;
    }
    stores[this.outs[k].dtype](n, this.outArrays[k], starts[v] + done * steps[v], lane, at);
  }
}

/** Evaluates every root of `program` over its inputs. Outputs are contiguous. */
export function map(program: Program, inputs: readonly View[], outs: readonly View[], scalars: readonly number[]): void {
  const size = sizeOf(outs[0].shape);
  if (size === 0) return;
  const wholeScalars = scalars.every(Number.isInteger);
  const plan = planOf(program, program.typing(inputs, wholeScalars));
  const row = new Row(program, plan, inputs, outs, scalars);
  const views = [...inputs, ...outs];
  const offsets = views.map((view) => view.offset);
  if (inputs.every((view) => isContiguous(view.shape, view.strides))) {
    row.run(size, offsets, views.map(() => 1));
    return;
  }
  const walk = collapse(outs[0].shape, views);
  const inner = walk.shape.length - 1;
  const steps = walk.strides.map((own) => own[inner]);
  forEachRow(walk, offsets, () => { row.run(walk.shape[inner], offsets, steps); });
}

/** The program's value as a fresh contiguous array: what a reduction with a formula in front reads. */
export function evaluate(program: Program, inputs: readonly View[], scalars: readonly number[], shape: readonly number[]): { array: TypedArray; typing: Typing } {
  const typing = program.typing(inputs, scalars.every(Number.isInteger));
  const dtype = typing.outputs[0];
  const array = newArray(dtype, sizeOf(shape));
  map(program, inputs, [contiguousView(array, dtype, shape)], scalars);
  return { array, typing };
}
