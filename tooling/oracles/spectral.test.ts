import { grad } from "@dl/autograd";
import {
  bartlettWindow, blackmanWindow, complexAbs, complexAngle, complexMul, fft, fftfreq, fftn, hammingWindow, hannWindow, ifft, ifftn, irfft,
  istft, kaiserWindow, polar, rfft, rfftfreq, stft,
} from "@dl/tensor";
import type { FFTNorm, PadMode, Shape, Tensor, TensorOptions } from "@dl/tensor";
import { describe, test } from "vitest";
import { expectClose, readFixture, wave } from "./fixture.js";
import type { OracleCase } from "./fixture.js";

/** Everything that some op of the fixture takes. */
interface Arguments {
  readonly n?: number;
  readonly dim?: number;
  readonly dims?: readonly number[];
  readonly norm?: FFTNorm;
  readonly nFft?: number;
  readonly hopLength?: number;
  readonly padMode?: PadMode;
  readonly length?: number;
}

interface Options {
  readonly op: string;
  readonly shapes: readonly Shape[];
  readonly phase: number;
  readonly options: Arguments;
}

const ops: Readonly<Record<string, (inputs: readonly Tensor[], options: Arguments) => Tensor>> = {
  fft: ([z], options) => fft(z, options),
  ifft: ([z], options) => ifft(z, options),
  fftn: ([z], options) => fftn(z, options),
  ifftn: ([z], options) => ifftn(z, options),
  rfft: ([x], options) => rfft(x, options),
  irfft: ([z], options) => irfft(z, options),
  stft: ([x, window], { nFft = 0, ...options }) => stft(x, nFft, { ...options, window }),
  istft: ([z, window], { nFft = 0, ...options }) => istft(z, nFft, { ...options, window }),
  complexAbs: ([z]) => complexAbs(z),
  complexAngle: ([z]) => complexAngle(z),
  complexMul: ([a, b]) => complexMul(a, b),
  polar: ([abs, angle]) => polar(abs, angle),
};

const made: Readonly<Record<string, (length: number, options: TensorOptions) => Tensor>> = {
  hannWindow, hammingWindow, blackmanWindow, bartlettWindow, kaiserWindow, fftfreq, rfftfreq,
};

function compare({ options: { op, shapes, phase, options }, tensors }: OracleCase<Options>): void {
  const inputs = shapes.map((shape, i) => Object.hasOwn(tensors, `input${i}`) ? tensors[`input${i}`].clone() : wave(shape, { phase: phase + 100 * i }));
  for (const x of inputs) x.requiresGrad = true;
  const output = ops[op](inputs, options);
  expectClose(output, tensors.output, 1e-10, "output");
  const gradients = grad(output, inputs, { gradOutputs: [wave(output.shape, { phase: 7 })] });
  gradients.forEach((gradient, i) => { expectClose(gradient, tensors[`grad${i}`], 1e-10, `grad${i}`); });
}

describe("spectra against PyTorch (SEQ-06)", () => {
  const cases = readFixture<Options>("spectral").map((own) => [own.name, own] as const);

  test.each(cases.filter(([, { options }]) => Object.hasOwn(ops, options.op)))("%s", (_, own) => { compare(own); });

  test.each(cases.filter(([, { options }]) => Object.hasOwn(made, options.op)))("%s", (_, { options: { op, options: { length = 0, ...options } }, tensors }) => {
    expectClose(made[op](length, { ...options, dtype: "float64" }), tensors.output, 1e-12);
  });
});
