import { GRU, LSTM, RNN, packPaddedSequence, padPackedSequence } from "@dl/nn";
import type { PackedSequence } from "@dl/nn";
import { Generator, cat, chunk, flip, stack, unbind } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { turned } from "./indexing.js";
import type { OnnxNode, Operators } from "./node.js";

/** Hidden states of all steps, and the last states, [1, N, H] each. */
interface Ran<X> {
  readonly output: X;
  readonly last: readonly Tensor[];
}

type Sequences = Tensor | PackedSequence;

/** A layer that goes one way. */
type RunLayer = <X extends Sequences>(x: X, state: readonly Tensor[]) => Ran<X>;

/** Runs x [T, N, I], of which sequence n may end after lengths[n] steps. */
type Run = (x: Tensor, lengths: readonly number[] | undefined, state: readonly Tensor[]) => Ran<Tensor>;

/** Sequences that end early go through the layer packed; zeros stand behind their ends. */
const onPadded = (run: RunLayer): Run => (x, lengths, state) => {
  if (lengths === undefined) return run(x, state);
  const { output, last } = run(packPaddedSequence(x, lengths, { enforceSorted: false }), state);
  return { output: padPackedSequence(output, { totalLength: x.shape[0] }).output, last };
};

/** One way's weights by our names, the gates' rows in our order: `order[k]` is the place of our gate k in ONNX. */
function weightsOf(node: OnnxNode, way: number, order: readonly number[]): Record<string, Tensor> {
  const arranged = (x: Tensor): Tensor => {
    const gates = chunk(x, order.length, 0);
    return cat(order.map((place) => gates[place]));
  };
  const [input, hidden] = [arranged(node.input(1).select(0, way)), arranged(node.input(2).select(0, way))];
  const bias = node.optional(3)?.select(0, way);
  if (bias === undefined) return { weight_ih_l0: input, weight_hh_l0: hidden };
  const [inputBias, hiddenBias] = chunk(bias, 2, 0).map(arranged);
  return { weight_ih_l0: input, weight_hh_l0: hidden, bias_ih_l0: inputBias, bias_hh_l0: hiddenBias };
}

const sizesOf = (node: OnnxNode): [inputSize: number, hiddenSize: number] => [node.input(1).shape[2], node.input(2).shape[2]];
/** With a generator of its own: what layers draw at first is replaced, and the program's sequence of draws stays as it was. */
const optionsOf = (node: OnnxNode) => ({ bias: node.optional(3) !== undefined, dtype: node.input().dtype, generator: new Generator(0) });

/** The functions of one way, in lower case. @throws ValueError for those that our cells do not have */
function activationsOf(node: OnnxNode, way: number, defaults: readonly string[], known: (names: readonly string[]) => boolean): readonly string[] {
  const names = (node.texts("activations")?.slice(way * defaults.length, (way + 1) * defaults.length) ?? defaults).map((name) => name.toLowerCase());
  return known(names) ? names : node.refuse(`activations are ${names.join(", ")}`);
}

const only = (defaults: readonly string[]) => (names: readonly string[]): boolean => names.join() === defaults.join();

function rnnOf(node: OnnxNode, way: number): Run {
  const [nonlinearity] = activationsOf(node, way, ["tanh"], ([name]) => name === "tanh" || name === "relu");
  const layer = new RNN(...sizesOf(node), { ...optionsOf(node), nonlinearity: nonlinearity === "relu" ? "relu" : "tanh" });
  layer.loadStateDict(weightsOf(node, way, [0]));
  return onPadded((x, [before]) => {
    const { output, hidden } = layer.forward(x, before);
    return { output, last: [hidden] };
  });
}

/** ONNX has the update gate first. */
function gruOf(node: OnnxNode, way: number): Run {
  const functions = ["sigmoid", "tanh"];
  activationsOf(node, way, functions, only(functions));
  const layer = new GRU(...sizesOf(node), { ...optionsOf(node), resetAfter: node.flag("linear_before_reset") });
  layer.loadStateDict(weightsOf(node, way, [1, 0, 2]));
  return onPadded((x, [before]) => {
    const { output, hidden } = layer.forward(x, before);
    return { output, last: [hidden] };
  });
}

/** ONNX has the gates in the order input, output, forget, candidate. */
const lstmOrder = [0, 2, 3, 1];

function lstmOf(node: OnnxNode, way: number): Run {
  const functions = ["sigmoid", "tanh", "tanh"];
  activationsOf(node, way, functions, only(functions));
  if (node.flag("input_forget")) node.refuse("input_forget couples the gates");
  if (node.optional(7) !== undefined) return peepholeLstmOf(node, way);
  const layer = new LSTM(...sizesOf(node), optionsOf(node));
  layer.loadStateDict(weightsOf(node, way, lstmOrder));
  return onPadded((x, [hiddenBefore, cellBefore]) => {
    const { output, hidden, cell } = layer.forward(x, { hidden: hiddenBefore, cell: cellBefore });
    return { output, last: [hidden, cell] };
  });
}

/** An LSTM whose gates see the cell, too; our layer has no such connections. (Gers & Schmidhuber, 2000) */
function peepholeLstmOf(node: OnnxNode, way: number): Run {
  const { weight_ih_l0: input, weight_hh_l0: recurrent, bias_ih_l0: inputBias, bias_hh_l0: hiddenBias } = weightsOf(node, way, lstmOrder);
  const bias = node.optional(3) === undefined ? 0 : inputBias.add(hiddenBias);
  const [toInput, toOutput, toForget] = chunk(node.input(7).select(0, way), 3, 0);
  return (x, lengths, [hiddenBefore, cellBefore]) => {
    if (lengths?.some((length) => length < x.shape[0])) node.refuse("sequences end early, and there are peepholes");
    let [hidden, cell] = [hiddenBefore.squeeze(0), cellBefore.squeeze(0)];
    const outputs = unbind(x).map((step) => {
      const [i, f, g, o] = chunk(step.matmul(input.transpose()).add(hidden.matmul(recurrent.transpose())).add(bias), 4, 1);
      cell = f.add(cell.mul(toForget)).sigmoid().mul(cell).add(i.add(cell.mul(toInput)).sigmoid().mul(g.tanh()));
      hidden = o.add(cell.mul(toOutput)).sigmoid().mul(cell.tanh());
      return hidden;
    });
    return { output: stack(outputs), last: [hidden.unsqueeze(0), cell.unsqueeze(0)] };
  };
}

const ways: Readonly<Record<string, readonly boolean[]>> = { forward: [false], reverse: [true], bidirectional: [false, true] };

/** All ways of a recurrence with `states` states; the outputs are [T, ways, N, H] and the last states, [ways, N, H] each, or batch first. */
const recurrence = (states: number, runOf: (node: OnnxNode, way: number) => Run) => (node: OnnxNode): Tensor[] => {
  if (node.optionalNumber("clip") !== undefined) node.refuse("clip is set");
  const isBatchFirst = node.flag("layout");
  const arrange = (x: Tensor): Tensor => (isBatchFirst ? x.transpose(0, 1) : x);
  const x = arrange(node.input(0));
  const [count, size] = [x.shape[1], node.input(2).shape[2]];
  const lengths = node.optional(4);
  const turn = (steps: Tensor): Tensor => (lengths === undefined ? flip(steps, 0) : turned(steps, lengths));
  const initial = Array.from({ length: states }, (_, k) => node.optional(5 + k));
  const direction = node.text("direction", "forward");
  if (!Object.hasOwn(ways, direction)) node.refuse(`direction "${direction}" is unknown`);
  const ran = ways[direction].map((isReverse, way) => {
    const state = initial.map((all) => (all === undefined ? x.makeEmpty([1, count, size], x.dtype) : arrange(all).slice(0, way, way + 1)));
    const { output, last } = runOf(node, way)(isReverse ? turn(x) : x, node.values(4), state);
    return { output: isReverse ? turn(output) : output, last };
  });
  const output = arrange(stack(ran.map((one) => one.output), isBatchFirst ? 2 : 1));
  const last = Array.from({ length: states }, (_, k) => arrange(cat(ran.map((one) => one.last[k]))));
  return [output, ...last];
};

export const recurrent: Operators = {
  RNN: recurrence(1, rnnOf),
  GRU: recurrence(1, gruOf),
  LSTM: recurrence(2, lstmOf),
};
