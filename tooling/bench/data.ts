import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataLoader, decodeCsv, decodeImage, decodeLines, decodeMnist, decodeWav, encodePng, gunzip } from "@dl/data";
import { dataDir } from "@dl/data/node";
import { createReferenceBackend, useBackend } from "@dl/tensor";
import { printRows, secondsPerCall } from "./measure.js";

/** How fast data comes off the disk and into batches; needs DL_DATA_DIR with MNIST, texts and photos. */
const read = (path: string): Promise<Uint8Array> => readFile(join(dataDir(), path));
const perSecond = (body: () => void): number => 1 / secondsPerCall(body);

await useBackend(createReferenceBackend());
const [images, labels] = await Promise.all([read("mnist/train-images-idx3-ubyte.gz"), read("mnist/train-labels-idx1-ubyte.gz")]);
const cpuSeconds = (): number => process.cpuUsage().user / 1e6;
let [from, fromCpu] = [performance.now(), cpuSeconds()];
const mnist = decodeMnist(images, labels);
const decoding = (performance.now() - from) / 1000;
const decodingCpu = cpuSeconds() - fromCpu;
[from, fromCpu] = [performance.now(), cpuSeconds()];
let seen = 0;
for await (const { x } of new DataLoader(mnist, { batchSize: 64, shuffle: true, seed: 1 })) seen += x.shape[0];
const batching = (performance.now() - from) / 1000;
const batchingCpu = cpuSeconds() - fromCpu;

const text = await read("text/tinyshakespeare/input.txt");
const news = gunzip(await read("text/ag-news/test.csv.gz"));
const [photo, jpeg, slice, wav] = await Promise.all([read("photos/chelsea.png"), read("photos/china.jpg"), read("segmentation/isbi-em/image-0.png"), read("speech/jfk.wav")]);
const picture = decodeImage(photo);

printRows("Data", [
  { name: `MNIST, ${seen} images, gunzip and decode`, value: decoding, unit: "s" },
  { name: "MNIST, shuffled batches of 64, an epoch", value: batching, unit: "s" },
  { name: "MNIST, both", value: decoding + batching, unit: "s", goal: "< 2 s" },
  { name: "MNIST, decode, processor time", value: decodingCpu, unit: "s" },
  { name: "MNIST, batches, processor time", value: batchingCpu, unit: "s" },
  { name: "lines of text (tinyshakespeare)", value: 40_000 * perSecond(() => decodeLines(text)), unit: "lines/s" },
  { name: "rows of quoted CSV (AG News)", value: 7600 * perSecond(() => decodeCsv(news, { header: false })), unit: "rows/s" },
  { name: "PNG 451 × 300, colours", value: perSecond(() => decodeImage(photo)), unit: "images/s" },
  { name: "PNG 512 × 512, grey", value: perSecond(() => decodeImage(slice)), unit: "images/s" },
  { name: "PNG 451 × 300, written", value: perSecond(() => encodePng(picture)), unit: "images/s" },
  { name: "JPEG 640 × 427, colours", value: perSecond(() => decodeImage(jpeg)), unit: "images/s" },
  { name: "WAV, 11 s at 16,000 Hz", value: perSecond(() => decodeWav(wav)), unit: "files/s" },
]);
