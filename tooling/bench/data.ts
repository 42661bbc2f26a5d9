import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataLoader, decodeCsv, decodeImage, decodeLines, decodeMnist, decodeWav, encodePng, gunzip } from "@dl/data";
import { dataDir } from "@dl/data/node";
import { createReferenceBackend, useBackend } from "@dl/tensor";
import { secondsPerCall } from "./measure.js";
import type { Row } from "./measure.js";

const read = (path: string): Promise<Uint8Array> => readFile(join(dataDir(), path));
const perSecond = (body: () => void): number => 1 / secondsPerCall(body);

const cpuSeconds = (): number => process.cpuUsage().user / 1e6;

/** MNIST off the disk and once through the loader. */
async function mnistRows(): Promise<Row[]> {
  const [images, labels] = await Promise.all([read("mnist/train-images-idx3-ubyte.gz"), read("mnist/train-labels-idx1-ubyte.gz")]);
  const [from, fromCpu] = [performance.now(), cpuSeconds()];
  const mnist = decodeMnist(images, labels);
  const decoding = (performance.now() - from) / 1000;
  let seen = 0;
  for await (const { x } of new DataLoader(mnist, { batchSize: 64, shuffle: true, seed: 1 })) seen += x.shape[0];
  const both = (performance.now() - from) / 1000;
  return [
    { name: `MNIST, ${seen} images, gunzip and decode`, value: decoding, unit: "s" },
    { name: "MNIST, shuffled batches of 64, an epoch", value: both - decoding, unit: "s" },
    { name: "MNIST, both", value: both, unit: "s", goal: "< 2 s" },
    { name: "MNIST, both, processor time", value: cpuSeconds() - fromCpu, unit: "s" },
  ];
}

/** How fast data comes off the disk and into batches; needs MNIST, texts and photos in the data directory. */
export async function dataRows(): Promise<Row[]> {
  await useBackend(createReferenceBackend());
  const mnist = await mnistRows();
  const text = await read("text/tinyshakespeare/input.txt");
  const news = gunzip(await read("text/ag-news/test.csv.gz"));
  const [photo, jpeg, slice, wav] = await Promise.all([read("photos/chelsea.png"), read("photos/china.jpg"), read("segmentation/isbi-em/image-0.png"), read("speech/jfk.wav")]);
  const picture = decodeImage(photo);
  return [
    ...mnist,
    { name: "lines of text (tinyshakespeare)", value: 40_000 * perSecond(() => decodeLines(text)), unit: "lines/s" },
    { name: "rows of quoted CSV (AG News)", value: 7600 * perSecond(() => decodeCsv(news, { header: false })), unit: "rows/s" },
    { name: "PNG 451 × 300, colours", value: perSecond(() => decodeImage(photo)), unit: "images/s" },
    { name: "PNG 512 × 512, grey", value: perSecond(() => decodeImage(slice)), unit: "images/s" },
    { name: "PNG 451 × 300, written", value: perSecond(() => encodePng(picture)), unit: "images/s" },
    { name: "JPEG 640 × 427, colours", value: perSecond(() => decodeImage(jpeg)), unit: "images/s" },
    { name: "WAV, 11 s at 16,000 Hz", value: perSecond(() => decodeWav(wav)), unit: "files/s" },
  ];
}
