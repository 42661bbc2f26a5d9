import { Generator, sizeOf, tensor } from "@dl/tensor";
import type { Backend, DType, Nested, Tensor } from "@dl/tensor";
import { CheckError } from "./check.js";

/** The part of an example that says what goes in. */
export interface InputSpec {
  /** Shapes of the inputs; values are drawn with a fixed seed from `range`. */
  readonly shapes?: readonly (readonly number[])[];
  /** The inputs' values, where they matter. */
  readonly inputs?: readonly Nested[];
  /** One dtype per input; float32 where left out (bool where all values are). */
  readonly dtypes?: readonly DType[];
  /** Interval that random values come from; [-2, 2] by default. */
  readonly range?: readonly [low: number, high: number];
}

export interface Sampling {
  readonly backend: Backend;
  /** float64 in place of float32, as gradient checks need it. Default false. */
  readonly wide?: boolean;
}

const seed = 1;

const widened = (dtype: DType | undefined, wide: boolean): DType | undefined => (wide && dtype === "float32" ? "float64" : dtype);

function fromValues(values: Nested, dtype: DType | undefined, { backend, wide = false }: Sampling): Tensor {
  const made = tensor(values, { backend, ...(dtype && { dtype }) });
  return wide && made.dtype === "float32" ? tensor(values, { backend, dtype: "float64" }) : made;
}

/** The inputs of an example: its values, or numbers drawn from its range, the same ones every time. */
export function sampleInputs(title: string, { inputs, shapes, dtypes, range: [low, high] = [-2, 2] }: InputSpec, sampling: Sampling): Tensor[] {
  if (inputs !== undefined) return inputs.map((values, i) => fromValues(values, dtypes?.[i], sampling));
  if (shapes === undefined) throw new CheckError(title, "the example has neither inputs nor shapes", "Give one of them");
  const generator = new Generator(seed);
  return shapes.map((shape, i) => {
    const drawn = new Float64Array(sizeOf(shape));
    generator.fillUniform(drawn, low, high);
    return tensor(drawn, { shape, backend: sampling.backend, dtype: widened(dtypes?.[i] ?? "float32", sampling.wide ?? false) });
  });
}
