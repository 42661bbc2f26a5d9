import { toneSpeech } from "@dl/data";
import { ShapeError, ValueError } from "@dl/registry";
import { arange, Generator, hannWindow, rand, sin, tensor, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { magnitudes } from "./mel-spectrogram.js";
import { griffinLim, MelSpectrogram, melToLinear } from "./index.js";

const rate = 8000;
const tone = (hertz: number, samples = 4000): Tensor => sin(arange(0, samples, 1, { dtype: "float32" }).mul((2 * Math.PI * hertz) / rate));
/** The frequency with the largest amplitude, in Hz. */
const loudest = (wave: Tensor, nFft = 1024): number => (magnitudes(wave, hannWindow(nFft), nFft, nFft / 4).mean(0).argmax(0).item() * rate) / nFft;

describe("SEQ-06 mel spectrogram", () => {
  test("a tone is loudest in the band around its frequency", () => {
    const mel = new MelSpectrogram(rate, { nFft: 512, hopLength: 128, nMels: 40 });
    const spectrum = mel.forward(tone(1000));
    expect(spectrum.shape).toStrictEqual([32, 40]);
    const band = spectrum.mean(0).argmax(0).item();
    const centres = mel.filters.toArray() as number[][];
    const peak = centres.reduce((best, row, f) => (row[band] > centres[best][band] ? f : best), 0);
    expect(Math.abs((peak * rate) / 512 - 1000)).toBeLessThan(60);
  });

  test("silence is ln of the floor; floor 0 leaves amplitudes", () => {
    expect(new MelSpectrogram(rate, { nFft: 256 }).forward(zeros([1000])).max().item()).toBeCloseTo(Math.log(1e-5), 5);
    const [plain, power] = [1, 2].map((exponent) => new MelSpectrogram(rate, { nFft: 256, nMels: 4, floor: 0, power: exponent }).forward(tone(500, 1000)));
    expect(plain.min().item()).toBeGreaterThanOrEqual(0);
    expect(power.max().item()).toBeGreaterThan(plain.max().item());
  });

  test("refuses another rate, with both, and waves that are too short", () => {
    const mel = new MelSpectrogram(22_050);
    expect(() => { mel.checkRate(16_000); }).toThrow("the recording has 16000 samples a second, the bands are for 22050");
    expect(() => mel.forward(zeros([400]))).toThrow(ShapeError);
    expect(() => new MelSpectrogram(rate, { power: -1 })).toThrow(ValueError);
  });
});

describe("SEQ-06 from mel bands back to sound", () => {
  test("spectra have the bands that they were asked for, and nothing below 0", () => {
    const { filters } = new MelSpectrogram(rate, { nFft: 256, nMels: 20 });
    const wanted = rand([5, 129], { generator: new Generator(1) }).matmul(filters);
    const found = melToLinear(wanted, filters, { iterations: 300 });
    expect(found.min().item()).toBeGreaterThanOrEqual(0);
    expect(found.matmul(filters).sub(wanted).abs().mean().item()).toBeLessThan(0.02 * wanted.mean().item());
  });

  test("each round of phases brings the sound nearer to its spectrum; the same with the same seed", () => {
    const window = hannWindow(256);
    const spectrum = magnitudes(tensor(toneSpeech({ samples: 1, seed: 1 }).waves.data), window, 256, 64);
    const distance = (iterations: number): number => {
      const wave = griffinLim(spectrum, { hopLength: 64, iterations, generator: new Generator(2) });
      return magnitudes(wave, window, 256, 64).sub(spectrum).square().sum().div(spectrum.square().sum()).sqrt().item();
    };
    const [none, some, many] = [0, 8, 40].map(distance);
    expect(some).toBeLessThan(0.5 * none);
    expect(many).toBeLessThan(some);
    expect(many).toBeLessThan(0.15);
    expect(distance(8)).toBe(some);
  });

  test("a tone comes through amplitudes, mel bands and back at its frequency", () => {
    const mel = new MelSpectrogram(rate, { nFft: 512, hopLength: 128, nMels: 60, floor: 0 });
    for (const hertz of [440, 1200]) {
      const wave = griffinLim(melToLinear(mel.forward(tone(hertz)), mel.filters), { hopLength: 128, generator: new Generator(3) });
      expect(Math.abs(loudest(wave) / hertz - 1)).toBeLessThan(0.03);
    }
  });

  test.each<[string, () => unknown, string]>([
    ["another number of frequencies", () => griffinLim(zeros([4, 100]), { nFft: 256 }), "magnitudes of shape [4, 100] are not those of frames of 256"],
    ["a momentum of 1", () => griffinLim(zeros([4, 129]), { momentum: 1 }), "momentum is 1"],
    ["other bands", () => melToLinear(zeros([4, 7]), zeros([129, 8])), "do not go together"],
  ])("refuses %s", (_, call, message) => { expect(call).toThrow(message); });
});
