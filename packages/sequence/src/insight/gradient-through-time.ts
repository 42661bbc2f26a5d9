import { grad } from "@dl/autograd";
import { evaluating, type GRU, type LSTM, type RNN } from "@dl/nn";
import { DTypeError, ShapeError } from "@dl/registry";
import { isFloat, showShape, type Tensor } from "@dl/tensor";
import { RecurrentLM } from "../language-models/recurrent/recurrent-lm.js";
import { vectorsOf } from "./vectors-of.js";

interface Reading {
  readonly rnn: RNN | LSTM | GRU;
  /** What the cells read at each time, a leaf. */
  readonly x: Tensor;
  /** The dim of x that counts time. */
  readonly time: number;
}

/** @throws DTypeError, ShapeError for what is no batch of sequences */
function readingOf(model: RNN | LSTM | GRU | RecurrentLM, input: Tensor): Reading {
  const where = "gradientThroughTime";
  const isModel = model instanceof RecurrentLM;
  const rank = isModel ? 2 : 3;
  if (input.ndim !== rank) throw new ShapeError(where, `the input has shape ${showShape(input.shape)}`, `Give a batch: ${isModel ? "ids [N, T]" : "[N, T, D], or [T, N, D] without batchFirst"}`, { shape: input.shape });
  if (!isModel && !isFloat(input.dtype)) throw new DTypeError(where, `the input is ${input.dtype}`, 'Convert it: x.to("float32")', { dtype: input.dtype });
  const x = (isModel ? vectorsOf(model, input) : input).detach();
  x.requiresGrad = true;
  const rnn = isModel ? model.rnn : model;
  return { rnn, x, time: rnn.batchFirst ? 1 : 0 };
}

/** Σ (∂h_T/∂x_t)² over hidden units and features for each row of x's first two dims, in float64: squares of float32 would vanish before the gradient does. */
function squaresOf({ rnn, x, time }: Reading): Float64Array {
  const { output } = evaluating(rnn, () => rnn.forward(x));
  const last = output.select(time, -1);
  const [batch, units] = last.shape;
  const squares = new Float64Array(x.shape[0] * x.shape[1]);
  for (let unit = 0; unit < units; unit++) {
    const chosen = Float64Array.from({ length: batch * units }, (_, i) => Number(i % units === unit));
    const [gradient] = grad(last, [x], { gradOutputs: [last.makeFrom(chosen, last.dtype, last.shape)], retainGraph: unit < units - 1 });
    gradient.dataSync().forEach((value, i) => { squares[Math.floor(i / x.shape[2])] += value * value; });
  }
  return squares;
}

/**
 * How much the last hidden state depends on what was read at each time: the Frobenius norm of ∂h_T/∂x_t, for t = 1 … T, averaged over the batch. Where it
 * falls towards the past, early inputs cannot be learnt from; where it grows, steps explode.
 * Shapes: x [N, T, D] (layers without `batchFirst`: [T, N, D]), or ids [N, T] for a `RecurrentLM` → T numbers. Takes one pass back for each hidden unit.
 * (Bengio et al., 1994; Pascanu et al., 2013)
 * @throws ShapeError, DTypeError for what is no batch of sequences
 */
export function gradientThroughTime(model: RNN | LSTM | GRU | RecurrentLM, input: Tensor): number[] {
  const reading = readingOf(model, input);
  const [rows, columns] = reading.x.shape;
  const [batch, steps] = reading.time === 1 ? [rows, columns] : [columns, rows];
  const norms = Array.from({ length: steps }, () => 0);
  squaresOf(reading).forEach((square, row) => {
    const t = reading.time === 1 ? row % steps : Math.floor(row / batch);
    norms[t] += Math.sqrt(square) / batch;
  });
  return norms;
}
