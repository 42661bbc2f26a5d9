import { checkNumber, checkWhole, ValueError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import { begin, between, floats, ints, type GeneratorOptions } from "./common.js";

export interface ToneSpeechOptions extends GeneratorOptions {
  /** What can be said, one tone for each character. Default "0123456789". */
  readonly alphabet?: string;
  /** Characters in a sample. Default 3. */
  readonly length?: number;
  /** Samples of the waveform per second. Default 8000. */
  readonly sampleRate?: number;
  /** Seconds of each tone. Default 0.1. */
  readonly seconds?: number;
  /** Standard deviation of the noise. Default 0.01. */
  readonly noise?: number;
}

export interface ToneSpeech {
  /** float32 [N, T], T = length · round(seconds · sampleRate). */
  readonly waves: HostArray;
  /** What is said, such as "407". */
  readonly transcripts: readonly string[];
  /** int32 [N, length]: places in the alphabet. */
  readonly labels: HostArray;
  readonly sampleRate: number;
  /** Hertz, by place in the alphabet: 400 · 2^(k / 5). */
  readonly frequencies: readonly number[];
}

/** What every tone of one `toneSpeech` has in common. */
interface Tone {
  readonly samples: number;
  readonly sampleRate: number;
}

/** sin²(πt/T) · sin(2πft + phase), so that it begins and ends in silence. */
function play(out: Float32Array, { samples, sampleRate }: Tone, frequency: number, loudness: number, phase: number): void {
  for (let t = 0; t < samples; t++) {
    const envelope = Math.sin((Math.PI * t) / samples) ** 2;
    out[t] += loudness * envelope * Math.sin((2 * Math.PI * frequency * t) / sampleRate + phase);
  }
}

/**
 * "Speech" of a machine: each character is a tone of its own frequency, one after the other, with random loudness (0.5 to 1) and phase, and
 * normal noise. For speech recognition and spectrograms without recordings. 100 samples by default.
 * @throws ValueError for counts that are not whole, characters that repeat, or a tone above half of the sample rate
 */
export function toneSpeech(options: ToneSpeechOptions = {}): ToneSpeech {
  const where = "toneSpeech";
  const { samples = 100, alphabet = "0123456789", length = 3, sampleRate = 8000, seconds = 0.1, noise = 0.01 } = options;
  const random = begin(where, options, ["alphabet", "length", "sampleRate", "seconds", "noise"], samples);
  checkWhole(where, "length", length, 1);
  checkWhole(where, "sampleRate", sampleRate, 1);
  checkNumber(where, "seconds", seconds, 1 / sampleRate);
  checkNumber(where, "noise", noise, 0);
  const characters = Array.from(alphabet);
  if (characters.length === 0 || new Set(characters).size !== characters.length) throw new ValueError(where, `the alphabet is "${alphabet}"`, "Give at least one character, each once", { alphabet });
  const frequencies = characters.map((_, k) => 400 * 2 ** (k / 5));
  const highest = frequencies[frequencies.length - 1];
  if (highest >= sampleRate / 2) throw new ValueError(where, `the tone of "${characters[characters.length - 1]}" has ${Math.round(highest)} Hz`, `Give fewer characters, or a sample rate above ${Math.ceil(2 * highest)}`, { sampleRate });

  const tone = { samples: Math.round(seconds * sampleRate), sampleRate };
  const total = length * tone.samples;
  const waves = new Float32Array(samples * total);
  random.fillNormal(waves, 0, noise);
  const labels = Int32Array.from({ length: samples * length }, () => random.int(characters.length));
  labels.forEach((label, i) => play(waves.subarray(i * tone.samples, (i + 1) * tone.samples), tone, frequencies[label], between(random, 0.5, 1), between(random, 0, 2 * Math.PI)));
  const transcripts = Array.from({ length: samples }, (_, i) => Array.from(labels.subarray(i * length, (i + 1) * length), (label) => characters[label]).join(""));
  return { waves: floats([samples, total], waves), transcripts, labels: ints([samples, length], labels), sampleRate, frequencies };
}
