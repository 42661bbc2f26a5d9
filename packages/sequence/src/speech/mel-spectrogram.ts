import { Layer, buffer, jsonOptions, type Buffer } from "@dl/nn";
import { ShapeError, ValueError, checkChoice, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { hannWindow, maximum, melFilterBank, showShape, stft, type MelScale, type Tensor } from "@dl/tensor";

/** How sound becomes frames: what analysis and synthesis have to agree on. */
export interface SpectrogramOptions {
  /** Samples of a frame. Default 1024. */
  readonly nFft?: number;
  /** Samples from one frame to the next. Default a quarter of nFft. */
  readonly hopLength?: number;
}

export interface MelSpectrogramOptions extends SpectrogramOptions {
  /** Bands. Default 80. */
  readonly nMels?: number;
  /** Where the bands begin and end, in Hz. Default 0 and half of the sample rate. */
  readonly fMin?: number;
  readonly fMax?: number;
  /** 1 for amplitudes (default), 2 for powers. */
  readonly power?: number;
  /** "slaney" (default, as librosa) or "htk" (as torchaudio). */
  readonly melScale?: MelScale;
  /** "slaney" (default, as librosa) gives every band area 1; "none" height 1. */
  readonly norm?: "slaney" | "none";
  /** Take ln of what is at least this; 0 leaves values as they are. Default 1e-5. */
  readonly floor?: number;
}

const where = "MelSpectrogram";
const keys = ["nFft", "hopLength", "nMels", "fMin", "fMax", "power", "melScale", "norm", "floor"];

/** |STFT|ᵖ of frames under a Hann window, centred. Shapes: [.., L] → [.., T, nFft/2 + 1], T = 1 + ⌊L/hop⌋. */
export function magnitudes(wave: Tensor, window: Tensor, nFft: number, hopLength: number, power = 1): Tensor {
  const squares = stft(wave, nFft, { hopLength, window }).square().sum(-1).transpose(-2, -1);
  return power === 2 ? squares : squares.pow(power / 2);
}

/**
 * Sound as what an ear tells apart: ln max(floor, |STFT|ᵖ·filters), with bands that are even on the mel scale. The defaults are librosa's and common in speech
 * synthesis. Shapes: wave [.., L] → [.., T, nMels], T = 1 + ⌊L/hopLength⌋. (Davis & Mermelstein, 1980; Shen et al., 2018)
 * @throws ShapeError for a wave that is shorter than half a frame; ValueError, UnknownNameError for options
 */
export class MelSpectrogram extends Layer {
  static readonly type = "sequence/MelSpectrogram";
  readonly window: Buffer;
  /** [nFft/2 + 1, nMels]. */
  readonly filters: Buffer;
  readonly nFft: number;
  readonly hopLength: number;
  readonly nMels: number;
  readonly power: number;
  readonly floor: number;

  constructor(readonly sampleRate: number, options: MelSpectrogramOptions = {}) {
    super([sampleRate, jsonOptions(options)]);
    checkOptions(where, options, keys);
    const { nFft = 1024, hopLength = Math.floor(nFft / 4), nMels = 80, fMin, fMax, power = 1, melScale = "slaney", norm = "slaney", floor = 1e-5 } = options;
    for (const [name, value] of Object.entries({ sampleRate, hopLength, nMels })) checkWhole(where, name, value, 1);
    checkWhole(where, "nFft", nFft, 2);
    checkChoice(where, "norm", norm, ["slaney", "none"]);
    checkNumber(where, "power", power, 0);
    checkNumber(where, "floor", floor, 0);
    this.window = buffer(hannWindow(nFft), { persistent: false });
    const bands = { melScale, ...(norm === "slaney" && { norm }), ...(fMin !== undefined && { fMin }), ...(fMax !== undefined && { fMax }) };
    this.filters = buffer(melFilterBank(Math.floor(nFft / 2) + 1, nMels, sampleRate, bands), { persistent: false });
    this.nFft = nFft;
    this.hopLength = hopLength;
    this.nMels = nMels;
    this.power = power;
    this.floor = floor;
  }

  forward(wave: Tensor): Tensor {
    const samples = wave.shape.at(-1) ?? 0;
    if (samples <= this.nFft / 2) throw new ShapeError(where, `the wave of shape ${showShape(wave.shape)} is not longer than half a frame of ${this.nFft}`, "Use a smaller nFft, or pad it", { shape: wave.shape });
    const bands = magnitudes(wave, this.window, this.nFft, this.hopLength, this.power).matmul(this.filters);
    return this.floor === 0 ? bands : maximum(bands, this.floor).log();
  }

  /** Refuses a recording of another rate. @throws ValueError with both rates */
  checkRate(sampleRate: number): void {
    if (sampleRate === this.sampleRate) return;
    throw new ValueError(where, `the recording has ${sampleRate} samples a second, the bands are for ${this.sampleRate}`, `Make it with new MelSpectrogram(${sampleRate}), or resample the recording`, { sampleRate });
  }
}
