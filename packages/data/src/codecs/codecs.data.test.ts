import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FormatError } from "@dl/registry";
import { expect, test } from "vitest";
import { decodeCsv, decodeImage, decodeWav, encodePng, encodeWav, gunzip } from "../index.js";
import { dataDir } from "../node/index.js";

const read = (path: string): Promise<Uint8Array> => readFile(join(dataDir(), path));

/** Sums of the channels, in 0..255. */
async function channelSums(path: string): Promise<{ readonly shape: readonly number[]; readonly first: number[]; readonly sums: number[] }> {
  const { shape, data } = decodeImage(await read(path), path);
  const size = shape[1] * shape[2];
  const greys = (channel: number): number[] => Array.from(data.subarray(channel * size, (channel + 1) * size), (value) => Math.round(value * 255));
  const channels = Array.from({ length: shape[0] }, (_, channel) => greys(channel));
  return { shape, first: channels.map(([value]) => value), sums: channels.map((values) => values.reduce((sum, value) => sum + value, 0)) };
}

// First pixels and sums come from a decoder written in Python on zlib alone.
test.each<[string, number[], number[], number[]]>([
  ["astronaut", [3, 512, 512], [154, 147, 151], [37_109_758, 27_724_204, 25_290_362]],
  ["camera", [1, 512, 512], [200], [33_832_495]],
  ["chelsea", [3, 300, 451], [143, 120, 104], [19_980_169, 15_078_438, 11_743_750]],
  ["coffee", [3, 400, 600], [21, 13, 8], [38_056_581, 20_590_566, 12_356_340]],
  ["text", [1, 172, 448], [91], [9_960_413]],
])("the PNG %s", async (name, shape, first, sums) => {
  expect(await channelSums(`photos/${name}.png`)).toStrictEqual({ shape, first, sums });
});

// Means come from Pillow with libjpeg-turbo, which rounds and interpolates colours; the decoder here cuts and repeats them: a third of a step less.
test.each<[string, number[]]>([
  ["china", [144.72, 145.47, 140.92]],
  ["flower", [55.13, 73.58, 57]],
])("the JPEG %s", async (name, means) => {
  const { shape, sums } = await channelSums(`photos/${name}.jpg`);
  expect(shape).toStrictEqual([3, 427, 640]);
  sums.forEach((sum, i) => { expect(Math.abs(sum / (427 * 640) - means[i])).toBeLessThan(0.6); });
});

test("a photo cut off is refused, and one that is written comes back", async () => {
  for (const path of ["photos/camera.png", "photos/china.jpg"]) {
    const bytes = await read(path);
    expect(() => decodeImage(bytes.subarray(0, bytes.length / 2), path)).toThrow(FormatError);
    expect(() => decodeImage(bytes.subarray(0, bytes.length / 2), path)).toThrow(/ends too early/);
  }
  const photo = decodeImage(await read("photos/chelsea.png"));
  expect(decodeImage(encodePng(photo))).toStrictEqual(photo);
});

test("11 s of speech at 16,000 Hz come back byte for byte", async () => {
  const bytes = await read("speech/jfk.wav");
  const sound = decodeWav(bytes, "jfk.wav");
  expect([sound.sampleRate, sound.samples.shape]).toStrictEqual([16_000, [1, 176_000]]);
  const written = encodeWav(sound);
  expect(Buffer.from(written.subarray(44)).equals(bytes.subarray(bytes.length - 352_000))).toBe(true);
});

test("7,600 rows of quoted CSV", async () => {
  const { rows, columns } = decodeCsv(gunzip(await read("text/ag-news/test.csv.gz")), { header: false, types: { 0: "integer" } });
  expect([rows, columns.size, columns.get("0")?.data.slice(0, 2)]).toStrictEqual([7600, 3, Int32Array.of(3, 4)]);
});
