import { backward, checkpoint, grad, gradgradcheck, graph } from "@dl/autograd";
import { DTypeError } from "@dl/registry";
import { Generator, createReferenceBackend, ones, randn, withGradMode } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { GRU, LSTM, RNN, packPaddedSequence } from "./index.js";
import { elmanRecurrence, gruRecurrence, lstmRecurrence } from "./recurrences.js";
import type { Recurrence } from "./recurrences.js";
import { scan } from "./scan.js";
import type { Direction, Ran } from "./scan.js";
import { runDirection } from "./sequence.js";

const inputSize = 3;
const size = 4;

interface Shape {
  readonly recurrence: Recurrence;
  readonly batchSizes: readonly number[];
  readonly isReverse?: boolean;
  readonly biases?: 0 | 1 | 2;
  readonly backend?: Backend;
}

/** A direction with everything drawn, and all of that as leaves. */
function draw({ recurrence, batchSizes, isReverse = false, biases = 2, backend }: Shape): { readonly direction: Direction; readonly leaves: Tensor[] } {
  const generator = new Generator(7);
  const leaf = (...shape: number[]): Tensor => randn(shape, { dtype: "float64", generator, requiresGrad: true, ...(backend && { backend }) });
  const rows = recurrence.gates * size;
  const data = leaf(batchSizes.reduce((a, b) => a + b), inputSize);
  const [input, hidden] = [leaf(rows, inputSize), leaf(rows, size)];
  const [inputBias, hiddenBias] = [biases > 0 ? leaf(rows) : null, biases > 1 ? leaf(rows) : null];
  const initial = recurrence === lstmRecurrence ? [leaf(batchSizes[0], size), leaf(batchSizes[0], size)] : [leaf(batchSizes[0], size)];
  const weights = { input, hidden, inputBias, hiddenBias, projection: null };
  return {
    direction: { recurrence, weights, data, batchSizes, initial, isReverse },
    leaves: [data, input, hidden, inputBias, hiddenBias, ...initial].filter((x) => x !== null),
  };
}

/** An irregular number of everything that came out. */
const lossOf = ({ data, last }: Ran): Tensor =>
  [data, ...last].map((x, k) => x.mul(randn(x.shape, { dtype: "float64", generator: new Generator(k), backend: x.backend })).sum()).reduce((a, b) => a.add(b));

/** Equal up to the order of rounding. */
function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toStrictEqual(expected.shape);
  expect(actual.sub(expected).abs().max().item()).toBeLessThan(1e-13 * (1 + expected.abs().max().item()));
}

const kinds: readonly (readonly [name: string, recurrence: Recurrence])[] = [
  ["RNN with tanh", elmanRecurrence("tanh")], ["RNN with relu", elmanRecurrence("relu")], ["LSTM", lstmRecurrence],
  ["GRU", gruRecurrence(true)], ["GRU that resets before the product", gruRecurrence(false)],
];
const batches = { "a batch": [3, 3, 3, 3], "packed sequences": [4, 4, 2, 1, 1], "a single step": [2] };
const cases = kinds.flatMap(([name, recurrence]) =>
  Object.entries(batches).flatMap(([batch, batchSizes]) =>
    [false, true].map((isReverse) => [`${name} on ${batch}${isReverse ? ", backwards" : ""}`, { recurrence, batchSizes, isReverse }] as const)));

describe("a sequence as one node gives what its steps give one by one", () => {
  test.each(cases)("%s", (_, shape) => {
    for (const biases of [0, 1, 2] as const) {
      const { direction, leaves } = draw({ ...shape, biases });
      const [whole, stepwise] = [runDirection(direction), scan(direction)];
      expectClose(whole.data, stepwise.data);
      whole.last.forEach((part, k) => { expectClose(part, stepwise.last[k]); });
      const expected = grad(lossOf(stepwise), leaves);
      grad(lossOf(whole), leaves, { retainGraph: true }).forEach((gradient, i) => { expectClose(gradient, expected[i]); });
      grad(lossOf(whole), leaves, { createGraph: true }).forEach((gradient, i) => { expectClose(gradient, expected[i]); });
    }
  });

  test.each(kinds)("%s where only a part is looked at, or only a part wants a gradient", (_, recurrence) => {
    for (const batchSizes of Object.values(batches)) {
      const { direction, leaves } = draw({ recurrence, batchSizes });
      const looks: ((ran: Ran) => Tensor)[] = [({ data }) => data.slice(0, 1, 3).square().sum(), ({ last }) => last[0].square().sum(), ({ last }) => (last.at(-1) ?? last[0]).sum()];
      for (const look of looks) {
        const expected = grad(look(scan(direction)), leaves, { allowUnused: true });
        grad(look(runDirection(direction)), leaves, { allowUnused: true }).forEach((gradient, i) => { expectClose(gradient, expected[i]); });
        leaves.forEach((leaf, i) => { expectClose(grad(look(runDirection(direction)), [leaf], { allowUnused: true })[0], expected[i]); });
      }
    }
  });

  test("on a backend that writes one output at a time", () => {
    const reference = createReferenceBackend();
    const narrow: Backend = { ...reference, capabilities: { ...reference.capabilities, maxOutputs: 1 } };
    for (const [, recurrence] of kinds) {
      const { direction, leaves } = draw({ recurrence, batchSizes: [2, 2, 1], backend: narrow });
      const expected = grad(lossOf(scan(direction)), leaves);
      grad(lossOf(runDirection(direction)), leaves).forEach((gradient, i) => { expectClose(gradient, expected[i]); });
    }
  });
});

describe("gradients of gradients", () => {
  const wide = (shape: readonly number[], seed: number): Tensor => randn(shape, { dtype: "float64", generator: new Generator(seed) });
  const options = () => ({ dtype: "float64", generator: new Generator(2) }) as const;

  test.each([["RNN", new RNN(2, 2, options())], ["GRU", new GRU(2, 2, options())], ["GRU, reset before", new GRU(2, 2, { ...options(), resetAfter: false })]] as const)("%s", (_, model) => {
    expect(gradgradcheck((x, h) => model.forward(x, h).output, [wide([3, 1, 2], 1), wide([1, 1, 2], 3)])).toBe(true);
  });

  test("LSTM on packed sequences, through its last cell", () => {
    const model = new LSTM(2, 2, options());
    const run = (x: Tensor, hidden: Tensor, cell: Tensor): Tensor => model.forward(packPaddedSequence(x, [3, 1]), { hidden, cell }).cell;
    expect(gradgradcheck(run, [wide([3, 2, 2], 1), wide([1, 2, 2], 3), wide([1, 2, 2], 4)])).toBe(true);
  });

  test("what a state was computed from counts once", () => {
    const { direction, leaves } = draw({ recurrence: elmanRecurrence("tanh"), batchSizes: [2, 2] });
    const started = (): Direction => ({ ...direction, initial: [direction.data.slice(0, 0, 2).matmul(wide([inputSize, size], 5))] });
    const expected = grad(lossOf(scan(started())), leaves.slice(0, 3));
    grad(lossOf(runDirection(started())), leaves.slice(0, 3), { createGraph: true }).forEach((gradient, i) => { expectClose(gradient, expected[i]); });
  });

  test("checkpoints compute it again", () => {
    const model = new GRU(2, 3, options());
    const [x, lean] = [wide([4, 2, 2], 1), wide([4, 2, 2], 1)];
    x.requiresGrad = lean.requiresGrad = true;
    backward(model.forward(x).output.square().sum());
    backward(checkpoint((z) => model.forward(z).output, lean).square().sum());
    expect(lean.grad?.toArray()).toStrictEqual(x.grad?.toArray());
  });
});

interface Counts {
  maps: number;
  products: number;
  /** The most buffers that were held at a time. */
  peak: number;
}

/** A backend that counts its calls, and what was allocated and not given back. */
function counting(): { readonly backend: Backend; readonly calls: Counts; readonly held: Set<object> } {
  const inner = createReferenceBackend();
  const calls = { maps: 0, products: 0, peak: 0 };
  const held = new Set<object>();
  const noted = <B extends object>(buffer: B): B => {
    held.add(buffer);
    calls.peak = Math.max(calls.peak, held.size);
    return buffer;
  };
  const backend: Backend = {
    ...inner,
    alloc: (dtype, length) => noted(inner.alloc(dtype, length)),
    write: (dtype, values) => noted(inner.write(dtype, values)),
    free: (buffer) => { held.delete(buffer); },
    map: (...args) => { calls.maps += 1; inner.map(...args); },
    matmul: (...args) => { calls.products += 1; inner.matmul(...args); },
  };
  return { backend, calls, held };
}

describe("cost", () => {
  const lengths = [4, 32];

  test("a forward step is one product and one kernel, a step back too; inputs and weights take one product each", () => {
    for (const steps of lengths) {
      const { backend, calls } = counting();
      const { direction } = draw({ recurrence: lstmRecurrence, batchSizes: new Array<number>(steps).fill(2), biases: 1, backend });
      const { data } = runDirection(direction);
      expect(calls).toMatchObject({ maps: steps, products: steps + 1 });
      backward(data, { gradient: ones(data.shape, { dtype: "float64", backend }) });
      expect(calls).toMatchObject({ maps: 2 * steps, products: 2 * steps + 4 });
    }
  });

  test("the tape, what is held and what was at most are as many tensors for many steps as for few", () => {
    const [few, many] = lengths.map((steps) => {
      const { backend, calls, held } = counting();
      const { direction } = draw({ recurrence: lstmRecurrence, batchSizes: new Array<number>(steps).fill(2), backend });
      const drawn = held.size;
      withGradMode(false, () => runDirection(direction));
      const inferred = held.size;
      const { data } = runDirection(direction);
      const recorded = held.size;
      const tape = graph.trace(data).map(({ op }) => op);
      backward(data.square().sum());
      return { tape, inferred: inferred - drawn, recorded: recorded - inferred, gradients: held.size - recorded, peak: calls.peak };
    });
    expect(many).toStrictEqual(few);
    expect(few.tape.filter((op) => op === "recurrence")).toHaveLength(1);
    // The states; with a gradient, the gates and cells too.
    expect([few.inferred, few.recorded]).toStrictEqual([1, 3]);
  });
});

test("inputs of another dtype are refused as ever", () => {
  expect(() => new LSTM(3, 4).forward(ones([2, 1, 3], { dtype: "float64" }))).toThrow(DTypeError);
});
