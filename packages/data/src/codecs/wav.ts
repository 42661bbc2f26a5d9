import { checkOptions, DTypeError, ShapeError, ValueError } from "@dl/registry";
import { showShape, sizeOf, type HostArray } from "@dl/tensor";
import { broken, truncated, viewOf } from "./broken.js";

/** Sound as numbers in time. */
export interface Sound {
  /** Frames per second, Hz. */
  readonly sampleRate: number;
  /** float32 [channels, frames], in −1..1. */
  readonly samples: HostArray;
}

/** How a sample is stored. */
export type SampleFormat = "pcm8" | "pcm16" | "pcm24" | "pcm32" | "float32";

interface Codec {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

/** −1..1 to whole numbers of so many bits; 1 becomes the largest. */
const whole = (value: number, bits: number): number => Math.min(Math.max(Math.round(value * 2 ** (bits - 1)), -(2 ** (bits - 1))), 2 ** (bits - 1) - 1);

/** 8 bits are stored from 0 to 255 with silence at 128, more bits as signed numbers, little-endian. (Microsoft and IBM, 1991) */
const codecs: Readonly<Record<SampleFormat, Codec>> = {
  pcm8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128, write: (view, at, value) => { view.setUint8(at, whole(value, 8) + 128); } },
  pcm16: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 2 ** 15, write: (view, at, value) => { view.setInt16(at, whole(value, 16), true); } },
  pcm24: {
    bytes: 3,
    read: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23,
    write: (view, at, value) => {
      const number = whole(value, 24);
      view.setUint16(at, number & 0xffff, true);
      view.setInt8(at + 2, number >> 16);
    },
  },
  pcm32: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2 ** 31, write: (view, at, value) => { view.setInt32(at, whole(value, 32), true); } },
  float32: { bytes: 4, read: (view, at) => view.getFloat32(at, true), write: (view, at, value) => { view.setFloat32(at, value, true); } },
};

const Tag = { pcm: 1, float: 3, extensible: 0xfffe } as const;
const FORMAT_BYTES = 16;

interface Format {
  readonly name: SampleFormat;
  readonly channels: number;
  readonly sampleRate: number;
}

function formatOf(view: DataView, at: number, length: number, where: string): Format {
  if (length < FORMAT_BYTES) throw broken(where, at, `the format has ${length} bytes, it needs ${FORMAT_BYTES}`);
  let tag = view.getUint16(at, true);
  const [channels, sampleRate, bits] = [view.getUint16(at + 2, true), view.getUint32(at + 4, true), view.getUint16(at + 14, true)];
  // The extended form keeps the plain tag at the start of a longer one.
  if (tag === Tag.extensible && length >= 26) tag = view.getUint16(at + 24, true);
  const name = tag === Tag.float ? `float${bits}` : `pcm${bits}`;
  if ((tag !== Tag.pcm && tag !== Tag.float) || !Object.hasOwn(codecs, name)) {
    throw broken(where, at, `the samples are of format ${tag} with ${bits} bits`, "Convert the file to PCM of 8, 16, 24 or 32 bits or to 32-bit floats");
  }
  if (channels === 0 || sampleRate === 0) throw broken(where, at, `the format has ${channels} channels at ${sampleRate} Hz`);
  return { name: name as SampleFormat, channels, sampleRate };
}

const isTag = (bytes: Uint8Array, at: number, tag: string): boolean => Array.from(tag).every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

function samplesOf(view: DataView, at: number, length: number, { name, channels }: Format): HostArray {
  const { bytes, read } = codecs[name];
  const frames = Math.floor(length / (bytes * channels));
  const data = new Float32Array(channels * frames);
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) data[channel * frames + frame] = read(view, at + (frame * channels + channel) * bytes);
  }
  return { dtype: "float32", shape: [channels, frames], data };
}

/**
 * Reads a WAV file (RIFF; PCM of 8, 16, 24 or 32 bits, or 32-bit floats): samples [channels, frames] in −1..1, n bits divided by 2ⁿ⁻¹.
 * @param where names the file in errors
 * @throws FormatError with the byte offset when the file is no WAV, ends too early, or holds another kind of samples
 */
export function decodeWav(bytes: Uint8Array, where = "decodeWav"): Sound {
  if (!isTag(bytes, 0, "RIFF") || !isTag(bytes, 8, "WAVE")) throw broken(where, 0, "this is not the start of a WAV file", "Check the file");
  const view = viewOf(bytes);
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + length > bytes.length) throw truncated(where, "WAV", bytes);
    if (isTag(bytes, at, "fmt ")) format = formatOf(view, start, length, where);
    if (isTag(bytes, at, "data")) {
      if (format === undefined) throw broken(where, at, "the samples come before their format");
      return { sampleRate: format.sampleRate, samples: samplesOf(view, start, length, format) };
    }
    at = start + length + (length % 2);
  }
  throw truncated(where, "WAV", bytes);
}

export interface EncodeWavOptions {
  /** Default "pcm16". */
  readonly format?: SampleFormat;
}

function checkSound({ sampleRate, samples }: Sound): void {
  const { dtype, shape, data } = samples;
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate >= 2 ** 32) throw new ValueError("encodeWav", `sampleRate is ${sampleRate}`, "Give whole Hz", { sampleRate });
  if (dtype !== "float32" && dtype !== "float64") throw new DTypeError("encodeWav", `the samples are ${dtype}`, "Give floating-point numbers in −1..1", { dtype });
  if (shape.length !== 2 || !(shape[0] >= 1 && shape[0] < 2 ** 16) || sizeOf(shape) !== data.length) {
    throw new ShapeError("encodeWav", `the samples have shape ${showShape(shape)} and ${data.length} numbers`, "Give [channels, frames]", { shape });
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ValueError("encodeWav", `sample ${bad} is ${data[bad]}`, "Give finite numbers", { index: bad });
}

/**
 * Writes a WAV file. PCM rounds to its steps and cuts at −1 and 1; "float32" keeps the samples as they are.
 * @throws ShapeError unless the samples are [channels, frames]; DTypeError unless they are floats; ValueError for NaN, infinities, another
 * format or sample rate
 */
export function encodeWav(sound: Sound, options: EncodeWavOptions = {}): Uint8Array {
  checkOptions("encodeWav", options, ["format"]);
  const { format = "pcm16" } = options;
  if (!Object.hasOwn(codecs, format)) throw new ValueError("encodeWav", `format is "${format}"`, `Give ${Object.keys(codecs).join(", ")}`, { format });
  checkSound(sound);
  const { bytes: width, write } = codecs[format];
  const { sampleRate, samples } = sound;
  const [channels, frames] = samples.shape;
  const length = channels * frames * width;
  const file = new Uint8Array(44 + length + (length % 2));
  const view = viewOf(file);
  const tag = (at: number, text: string): void => { file.set(new TextEncoder().encode(text), at); };
  tag(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  tag(8, "WAVEfmt ");
  view.setUint32(16, FORMAT_BYTES, true);
  view.setUint16(20, format === "float32" ? Tag.float : Tag.pcm, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * width, true);
  view.setUint16(32, channels * width, true);
  view.setUint16(34, width * 8, true);
  tag(36, "data");
  view.setUint32(40, length, true);
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) write(view, 44 + (frame * channels + channel) * width, samples.data[channel * frames + frame]);
  }
  return file;
}
