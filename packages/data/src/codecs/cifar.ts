import { FormatError } from "@dl/registry";
import { TensorDataset } from "../tensor-dataset.js";
import { truncated } from "./broken.js";

const SIDE = 32;
const PIXELS = 3 * SIDE * SIDE;

interface Records {
  readonly images: Uint8Array;
  /** One array per label byte. */
  readonly labels: readonly Int32Array[];
}

/** Records of some label bytes and 3,072 of pixels, one after the other. */
function readRecords(bytes: Uint8Array, classes: readonly number[], where: string): Records {
  const size = classes.length + PIXELS;
  if (bytes.length % size !== 0) throw truncated(where, "CIFAR", bytes);
  const count = bytes.length / size;
  const images = new Uint8Array(count * PIXELS);
  const labels = classes.map(() => new Int32Array(count));
  for (let row = 0; row < count; row++) {
    const start = row * size;
    classes.forEach((limit, i) => {
      const label = bytes[start + i];
      if (label >= limit) throw new FormatError(where, `byte ${start + i}: label ${label} of record ${row} is not in [0, ${limit})`, "Check the file", { offset: start + i, row });
      labels[i][row] = label;
    });
    const pixels = start + classes.length;
    images.set(bytes.subarray(pixels, pixels + PIXELS), row * PIXELS);
  }
  return { images, labels };
}

const datasetOf = (images: Uint8Array, labels: Int32Array): TensorDataset =>
  new TensorDataset(
    {
      x: { dtype: "uint8", shape: [labels.length, 3, SIDE, SIDE], data: images },
      y: { dtype: "int32", shape: [labels.length], data: labels },
    },
    { bytesAsUnit: true },
  );

/**
 * CIFAR-10's binary records (a label byte, then 1,024 red, green and blue bytes each): x float32 [N, 3, 32, 32] in 0..1, y int32 [N] in
 * 0..9. (Krizhevsky, 2009)
 * @param where names the file in errors
 * @throws FormatError with the byte offset when the file ends within a record, or a label is no class
 */
export function decodeCifar10(bytes: Uint8Array, where = "decodeCifar10"): TensorDataset {
  const { images, labels } = readRecords(bytes, [10], where);
  return datasetOf(images, labels[0]);
}

/**
 * CIFAR-100's binary records, which have two label bytes: y are the 100 fine classes, `coarse` the 20 groups of them.
 * @param where names the file in errors
 * @throws FormatError with the byte offset when the file ends within a record, or a label is no class
 */
export function decodeCifar100(bytes: Uint8Array, where = "decodeCifar100"): { readonly data: TensorDataset; readonly coarse: Int32Array } {
  const { images, labels } = readRecords(bytes, [20, 100], where);
  const [coarse, fine] = labels;
  return { data: datasetOf(images, fine), coarse };
}
