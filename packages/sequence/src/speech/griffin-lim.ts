import { noGrad } from "@dl/autograd";
import { ShapeError, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { cos, defaultGenerator, hannWindow, istft, maximum, rand, showShape, sin, stack, stft, type Generator, type Tensor } from "@dl/tensor";
import type { SpectrogramOptions } from "./mel-spectrogram.js";

export interface GriffinLimOptions extends SpectrogramOptions {
  /** Rounds of going to sound and back. Default 32. */
  readonly iterations?: number;
  /** How far each round goes beyond its result, from 0 (Griffin and Lim's) to below 1. Default 0.99. (Perraudin et al., 2013) */
  readonly momentum?: number;
  /** Samples of the result. Default hopLength·(T − 1). */
  readonly length?: number;
  /** Of the phases at the start; by default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** What is divided by stays above this. */
const least = 1e-16;

const unit = (spectrum: Tensor): Tensor => spectrum.div(maximum(spectrum.square().sum(-1, { keepDim: true }).sqrt(), least));

/**
 * Sound with a given spectrum of amplitudes: phases are drawn at random, and then again and again those of the sound which they give, since not every
 * spectrum is that of a sound. Shapes: magnitudes [.., T, nFft/2 + 1] (powers are not) → [.., length]. (Griffin & Lim, 1984)
 * @throws ShapeError for another number of frequencies; ValueError
 */
export function griffinLim(magnitudes: Tensor, options: GriffinLimOptions = {}): Tensor {
  const where = "griffinLim";
  checkOptions(where, options, ["nFft", "hopLength", "iterations", "momentum", "length", "generator"]);
  const { nFft = 2 * ((magnitudes.shape.at(-1) ?? 1) - 1), iterations = 32, momentum = 0.99, generator = defaultGenerator() } = options;
  const { hopLength = Math.floor(nFft / 4) } = options;
  checkWhole(where, "iterations", iterations);
  checkNumber(where, "momentum", momentum, 0, 0.999);
  if (magnitudes.ndim < 2 || magnitudes.shape[magnitudes.ndim - 1] !== Math.floor(nFft / 2) + 1) {
    throw new ShapeError(where, `magnitudes of shape ${showShape(magnitudes.shape)} are not those of frames of ${nFft}`, `Give [.., T, ${Math.floor(nFft / 2) + 1}]`, { shape: magnitudes.shape, nFft });
  }
  const { length = hopLength * (magnitudes.shape[magnitudes.ndim - 2] - 1) } = options;
  const { dtype, backend } = magnitudes;
  const frames = { hopLength, window: hannWindow(nFft, { dtype, backend }) };
  const target = magnitudes.transpose(-2, -1).unsqueeze(-1);
  return noGrad(() => {
    const angle = rand(target.shape.slice(0, -1), { generator }).to(backend).to(dtype).mul(2 * Math.PI);
    let phases = stack([cos(angle), sin(angle)], -1);
    let before: Tensor | null = null;
    for (let i = 0; i < iterations; i++) {
      const rebuilt = stft(istft(target.mul(phases), nFft, { ...frames, length }), nFft, frames);
      phases = unit(before === null ? rebuilt : rebuilt.sub(before.mul(momentum / (1 + momentum))));
      before = rebuilt;
    }
    return istft(target.mul(phases), nFft, { ...frames, length });
  });
}
