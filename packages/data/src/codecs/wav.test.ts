import { DTypeError, FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeWav, encodeWav, type SampleFormat } from "./wav.js";

const samples = (shape: number[], values: readonly number[]): HostArray => ({ dtype: "float32", shape, data: Float32Array.from(values) });
const stereo = { sampleRate: 8000, samples: samples([2, 3], [0, 0.5, -1, 0.25, -0.25, 0.75]) };

describe("WAV", () => {
  test("the bytes of a file, written out", () => {
    const file = encodeWav({ sampleRate: 8000, samples: samples([1, 3], [0, 0.5, -1]) });
    const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
    const header = [...ascii("RIFF"), 42, 0, 0, 0, ...ascii("WAVEfmt "), 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0, ...ascii("data"), 6, 0, 0, 0];
    expect([...file]).toStrictEqual([...header, 0, 0, 0, 0x40, 0, 0x80]);
  });

  test.each<[SampleFormat]>([["pcm8"], ["pcm16"], ["pcm24"], ["pcm32"], ["float32"]])("%s comes back, both channels", (format) => {
    expect(decodeWav(encodeWav(stereo, { format }))).toStrictEqual(stereo);
  });

  test.each<[SampleFormat, number]>([["pcm8", 8], ["pcm16", 16], ["pcm24", 24]])("%s is off by half a step, and cut at 1", (format, bits) => {
    fc.assert(fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 9 }), (values) => {
      const back = decodeWav(encodeWav({ sampleRate: 1, samples: samples([1, values.length], values) }, { format })).samples.data;
      const step = 2 ** (1 - bits);
      values.forEach((value, i) => { expect(Math.abs(back[i] - Math.min(value, 1 - step))).toBeLessThanOrEqual(step / 2 + 2 ** -24); });
    }));
  });

  test("an extended format and chunks that say other things", () => {
    const file = encodeWav(stereo);
    const extended = Uint8Array.of(...file.subarray(0, 16), 40, 0, 0, 0, 0xfe, 0xff, ...file.subarray(22, 36), 22, 0, 16, 0, 3, 0, 0, 0, 1, 0, ...new Uint8Array(14));
    const note = Uint8Array.of(0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0);
    expect(decodeWav(Uint8Array.of(...extended, ...note, ...file.subarray(36)))).toStrictEqual(stereo);
  });

  const file = encodeWav(stereo);
  test("a file cut off anywhere says so", () => {
    for (let end = 12; end < file.length; end++) expect(() => decodeWav(file.subarray(0, end), "a.wav")).toThrow(`a.wav: the WAV file ends too early, at byte ${end}`);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["another file", Uint8Array.of(1, 2, 3), /byte 0: this is not the start of a WAV file/],
    ["12 bits", file.with(34, 12), /byte 20: the samples are of format 1 with 12 bits/],
    ["a compressed format", file.with(20, 2), /the samples are of format 2 with 16 bits/],
    ["no channels", file.with(22, 0), /the format has 0 channels/],
    ["a short format", file.with(16, 14), /the format has 14 bytes, it needs 16/],
    ["samples without a format", Uint8Array.of(...file.subarray(0, 12), ...file.subarray(36)), /the samples come before their format/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeWav(bytes)).toThrow(FormatError);
    expect(() => decodeWav(bytes)).toThrow(message);
  });

  test("refuses what cannot be written", () => {
    expect(() => encodeWav({ ...stereo, sampleRate: 0.5 })).toThrow(ValueError);
    expect(() => encodeWav({ sampleRate: 1, samples: samples([3], [0, 0, 0]) })).toThrow(ShapeError);
    expect(() => encodeWav({ sampleRate: 1, samples: samples([1, 1], [NaN]) })).toThrow(ValueError);
    expect(() => encodeWav({ sampleRate: 1, samples: { dtype: "int32", shape: [1, 1], data: Int32Array.of(1) } })).toThrow(DTypeError);
    expect(() => encodeWav(stereo, { format: "mp3" } as object)).toThrow(ValueError);
    expect(() => encodeWav(stereo, { bits: 8 } as object)).toThrow(UnknownNameError);
  });
});
