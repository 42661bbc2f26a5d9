import { ShapeError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { randn } from "../../create-random.js";
import { tensor } from "../../create.js";
import { complexAbs, cosineWindow, gaussianWindow, hannWindow, istft, kaiserWindow, melFilterBank, stft } from "../../public-ops.js";
import { Generator } from "../../random/generator.js";

describe("SEQ-06: short-time Fourier transforms", () => {
  test.each([
    [400, 160, 16_000], [512, 128, 4000], [9, 2, 50], [16, 5, 203],
  ])("istft gives back what stft of %i samples, %i apart, was made of", (nFft, hopLength, length) => {
    const x = randn([2, length], { dtype: "float64", generator: new Generator(6) });
    const options = { hopLength, window: hannWindow(nFft, { dtype: "float64" }) };
    const spectrum = stft(x, nFft, options);
    expect(spectrum.shape).toEqual([2, Math.floor(nFft / 2) + 1, 1 + Math.floor((length - (nFft % 2)) / hopLength), 2]);
    expect(istft(spectrum, nFft, { ...options, length }).sub(x).abs().max().item()).toBeLessThan(1e-12);
  });

  test("a chirp's loudest frequency rises from frame to frame", () => {
    const x = tensor(Float32Array.from({ length: 4096 }, (_, t) => Math.sin(1e-4 * t * t + 0.1 * t)));
    const loudest = complexAbs(stft(x, 256, { window: hannWindow(256), center: false })).argmax(0).dataSync();
    for (let t = 1; t < loudest.length; t++) expect(loudest[t]).toBeGreaterThanOrEqual(loudest[t - 1]);
    expect(loudest[loudest.length - 1]).toBeGreaterThan(loudest[0] + 20);
  });

  test("windows that leave gaps and lengths out of reach are refused", () => {
    const x = randn([40], { generator: new Generator(1) });
    const window = hannWindow(8);
    const spectrum = stft(x, 8, { window, hopLength: 4, center: false });
    expect(() => istft(spectrum, 8, { window, hopLength: 4, center: false })).toThrow("the windows leave gaps");
    expect(() => istft(stft(x, 8, { window }), 8, { window, length: 50 })).toThrow("the frames reach 44 samples, not 50");
    expect(() => stft(x, 8, { winLength: 9 })).toThrow(ValueError);
    expect(() => stft(x, 8, { hopLength: 0 })).toThrow(ValueError);
    expect(() => stft(x, 8, { winLength: 4, window })).toThrow(ShapeError);
  });
});

describe("windows", () => {
  test("cosine and Gaussian have SciPy's values", () => {
    const close = (found: ArrayLike<number>, wanted: number[]): void => { wanted.forEach((value, k) => { expect(found[k]).toBeCloseTo(value, 14); }); };
    const options = { dtype: "float64", periodic: false } as const;
    close(cosineWindow(4, options).dataSync(), [0.3826834323650898, 0.9238795325112867, 0.9238795325112867, 0.3826834323650899]);
    close(gaussianWindow(4, { ...options, std: 1.5 }).dataSync(), [0.6065306597126334, 0.9459594689067654, 0.9459594689067654, 0.6065306597126334]);
    close(cosineWindow(4, { dtype: "float64" }).dataSync(), [0.3090169943749474, 0.8090169943749475, 1, 0.8090169943749475]);
    close(gaussianWindow(4, { dtype: "float64", std: 1.5 }).dataSync(), [0.41111229050718745, 0.8007374029168081, 1, 0.8007374029168081]);
  });

  test("a window of no samples is empty, and bad parameters are refused", () => {
    expect(hannWindow(0).shape).toEqual([0]);
    expect(() => hannWindow(-1)).toThrow(ValueError);
    expect(() => kaiserWindow(4, { beta: -1 })).toThrow("beta is -1");
    expect(() => gaussianWindow(4, { std: 0 })).toThrow("std is 0");
  });
});

describe("SEQ-06: mel filters", () => {
  /** Where each of 38 filters up to 11,025 Hz peaks, found on a grid of 1 Hz. */
  const peaks = (melScale: "htk" | "slaney"): number[] => Array.from(melFilterBank(11_026, 38, 22_050, { melScale }).argmax(0).dataSync());

  test("Slaney's scale is linear up to 1000 Hz and logarithmic above: values of librosa's mel_frequencies(40)", () => {
    const found = peaks("slaney");
    const wanted = [85.317, 170.635, 255.952, 341.269, 426.586, 511.904, 597.221, 682.538, 767.855, 853.173, 938.49, 1024.856, 1119.114, 1222.042, 1334.436];
    expect(found.slice(0, 15)).toEqual(wanted.map(Math.round));
    expect(found[37]).toBe(Math.round(10_096.408));
  });

  test("HTK's scale is even in 1127·ln(1 + f/700)", () => {
    const mels = peaks("htk").map((hertz) => 1127 * Math.log(1 + hertz / 700));
    const step = (1127 * Math.log(1 + 11_025 / 700)) / 39;
    mels.forEach((mel, m) => { expect(Math.abs(mel - step * (m + 1))).toBeLessThan(1); });
  });

  test("triangles reach 1 and overlap to 1; Slaney's norm gives them area 1", () => {
    const filters = melFilterBank(2001, 8, 8000, { fMin: 100, dtype: "float64" });
    expect(filters.max().item()).toBeCloseTo(1, 2);
    const sums = filters.sum(1).dataSync();
    expect(sums[500]).toBeCloseTo(1, 12);
    expect(sums[49]).toBe(0);
    const areas = melFilterBank(2001, 8, 8000, { norm: "slaney", melScale: "slaney", dtype: "float64" }).sum(0).mul(2).dataSync();
    areas.forEach((area) => { expect(area).toBeCloseTo(1, 2); });
    expect(() => melFilterBank(10, 4, 8000, { fMin: 5000 })).toThrow("fMin is 5000 and fMax 4000");
  });
});
