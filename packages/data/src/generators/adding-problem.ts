import { checkWhole } from "@dl/registry";
import { TensorDataset } from "../tensor-dataset.js";
import { begin, floats, type GeneratorOptions } from "./common.js";

/**
 * Sequences of numbers of which two are marked; the target is their sum. It needs memory over half of the sequence. x float32 [N, T, 2]: numbers
 * uniform in [0, 1), and marks, 1 at one step of the first half and one of the second, 0 elsewhere. y float32 [N, 1]. T is `length`, 50 by
 * default; 1000 samples by default. Answering 1 always has a mean squared error of 1/6.
 *
 * After Hochreiter and Schmidhuber, 1997, Long short-term memory, experiment 4, in today's usual form: theirs draws from [−1, 1],
 * scales the sum into 0..1 and marks the ends by −1.
 * @throws ValueError for counts that are not whole, or a length below 2
 */
export function addingProblem(options: GeneratorOptions & { readonly length?: number } = {}): TensorDataset {
  const { samples = 1000, length = 50 } = options;
  const random = begin("addingProblem", options, ["length"], samples);
  checkWhole("addingProblem", "length", length, 2);
  const x = new Float32Array(samples * length * 2);
  const y = new Float32Array(samples);
  const half = Math.floor(length / 2);
  const numbers = new Float32Array(length);
  for (let i = 0; i < samples; i++) {
    random.fillUniform(numbers);
    const marked = [random.int(half), half + random.int(length - half)];
    numbers.forEach((number, t) => (x[2 * (i * length + t)] = number));
    for (const t of marked) {
      x[2 * (i * length + t) + 1] = 1;
      y[i] += numbers[t];
    }
  }
  return new TensorDataset({ x: floats([samples, length, 2], x), y: floats([samples, 1], y) });
}
