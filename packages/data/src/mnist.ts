import { FormatError } from "@dl/registry";
import { decodeIdx } from "./codecs/idx.js";
import { unpackIfGzip } from "./codecs/gzip.js";
import { TensorDataset } from "./tensor-dataset.js";

const CLASSES = 10;

function decodeImages(bytes: Uint8Array, where: string): { readonly data: Uint8Array; readonly shape: readonly number[] } {
  const { dtype, shape, data } = decodeIdx(unpackIfGzip(bytes, where), where);
  if (!(data instanceof Uint8Array) || dtype !== "uint8" || shape.length !== 3) {
    throw new FormatError(where, `expected uint8 images of shape [N, height, width], got ${dtype} of shape [${shape.join(", ")}]`, "Give the images file", { offset: 0 });
  }
  return { data, shape: [shape[0], 1, shape[1], shape[2]] };
}

function decodeLabels(bytes: Uint8Array, where: string): Int32Array {
  const { dtype, shape, data } = decodeIdx(unpackIfGzip(bytes, where), where);
  if (dtype !== "uint8" || shape.length !== 1) {
    throw new FormatError(where, `expected uint8 labels of shape [N], got ${dtype} of shape [${shape.join(", ")}]`, "Give the labels file", { offset: 0 });
  }
  const wrong = data.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new FormatError(where, `label ${data[wrong]} at row ${wrong} is not in [0, ${CLASSES})`, "Check the file", { offset: 8 + wrong, row: wrong });
  }
  return Int32Array.from(data);
}

/**
 * A data set from a pair of IDX files as MNIST and Fashion-MNIST have them, packed by gzip or not:
 * x of shape [N, 1, 28, 28] in 0..1 (float32), y of shape [N] in 0..9 (int32).
 *
 * @param where names the images and the labels file in errors
 * @throws FormatError with the byte offset when a file is corrupt, of another kind, or the two do not belong together
 */
export function decodeMnist(images: Uint8Array, labels: Uint8Array, where = { images: "images", labels: "labels" }): TensorDataset {
  const x = decodeImages(images, where.images);
  const y = decodeLabels(labels, where.labels);
  if (y.length !== x.shape[0]) {
    throw new FormatError(where.labels, `${y.length} labels for the ${x.shape[0]} images of ${where.images}`, "Give files of the same split", { offset: 4 });
  }
  return new TensorDataset({ x: { dtype: "uint8", ...x }, y: { dtype: "int32", shape: [y.length], data: y } }, { bytesAsUnit: true });
}
