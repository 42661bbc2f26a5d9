import { checkOptions, FormatError, ShapeError, ValueError } from "@dl/registry";
import { showShape, tensor, type HostArray } from "@dl/tensor";
import { decodeJpeg, isJpeg } from "./codecs/jpeg.js";
import { decodePng, isPng } from "./codecs/png.js";
import { checkIndices, Dataset } from "./dataset.js";
import type { Batch } from "./tensor-dataset.js";

/** A PNG or JPEG file as float32 [C, H, W] in 0..1; which of them it is, its first bytes say. @throws FormatError for anything else */
export function decodeImage(bytes: Uint8Array, where = "decodeImage"): HostArray {
  if (isPng(bytes)) return decodePng(bytes, { where });
  if (isJpeg(bytes)) return decodeJpeg(bytes, { where });
  throw new FormatError(where, "byte 0: the file is neither PNG nor JPEG", "Convert it to one of them", { offset: 0 });
}

/** A picture in a folder, and how to get at its bytes. */
export interface ImageFile {
  /** `<class>/…/<name>`, with forward slashes. */
  readonly path: string;
  readonly read: () => Uint8Array | Promise<Uint8Array>;
}

const ENDINGS = /\.(png|jpe?g)$/i;
const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * Pictures sorted into folders: the first folder of a path is the class, classes are numbered in the order of their names, and samples are
 * in the order of their paths. Files that do not end in .png, .jpg or .jpeg are left out, as are those without a folder. A batch reads and
 * decodes its pictures: x float32 [N, C, H, W] in 0..1, y int32 [N]. (torchvision's ImageFolder)
 *
 * @throws ValueError when there is no picture
 * @throws FormatError from `batch` for a damaged file; ShapeError for pictures of different shapes in a batch
 */
export class ImageFolder extends Dataset<Batch> {
  readonly length: number;
  /** Class names by label. */
  readonly classNames: readonly string[];
  /** Label of each sample. */
  readonly labels: Int32Array;
  /** Path of each sample. */
  readonly paths: readonly string[];
  readonly #files: readonly ImageFile[];
  readonly #transform: (image: HostArray, path: string) => HostArray;

  constructor(files: Iterable<ImageFile>, transform: (image: HostArray, path: string) => HostArray = (image) => image) {
    super();
    const pictures = Array.from(files).filter(({ path }) => ENDINGS.test(path) && path.includes("/"));
    this.#files = pictures.sort((a, b) => byText(a.path, b.path));
    if (this.#files.length === 0) throw new ValueError("imageFolder", "there is no picture", "Give files such as cat/1.png: the folder is the class");
    this.#transform = transform;
    this.length = this.#files.length;
    this.paths = this.#files.map(({ path }) => path);
    const classes = this.paths.map((path) => path.slice(0, path.indexOf("/")));
    this.classNames = [...new Set(classes)].sort(byText);
    this.labels = Int32Array.from(classes, (name) => this.classNames.indexOf(name));
  }

  /** The picture of a sample, [C, H, W]. @throws ValueError for an index out of range; FormatError for a damaged file */
  async image(index: number): Promise<HostArray> {
    checkIndices("ImageFolder.image", [index], this.length);
    const { path, read } = this.#files[index];
    return this.#transform(decodeImage(await read(), path), path);
  }

  async batch(indices: ArrayLike<number>): Promise<Batch> {
    checkIndices("ImageFolder.batch", indices, this.length);
    const images = await Promise.all(Array.from(indices, (index) => this.image(index)));
    const { shape = [], data } = images.at(0) ?? {};
    const size = data?.length ?? 0;
    const x = new Float32Array(images.length * size);
    images.forEach((image, i) => {
      if (showShape(image.shape) !== showShape(shape)) {
        const fact = `${this.paths[indices[i]]} has shape ${showShape(image.shape)}, ${this.paths[indices[0]]} has ${showShape(shape)}`;
        throw new ShapeError("ImageFolder.batch", fact, "Give a transform that makes them equal, or batches of one", { shape: image.shape });
      }
      x.set(image.data, i * size);
    });
    const y = Int32Array.from(indices, (index) => this.labels[index]);
    return { x: tensor(x, { shape: [images.length, ...shape] }), y: tensor(y, { shape: [y.length], dtype: "int32" }) };
  }
}

export interface ImageFolderOptions {
  /** What is done with each picture, such as cutting all to one size. Default nothing. */
  readonly transform?: (image: HostArray, path: string) => HostArray;
}

/**
 * An `ImageFolder` of files in memory, by path:
 *
 *     imageFolder({ "cat/1.png": bytes, "dog/1.png": others })
 */
export function imageFolder(files: Readonly<Record<string, Uint8Array>>, options: ImageFolderOptions = {}): ImageFolder {
  checkOptions("imageFolder", options, ["transform"]);
  return new ImageFolder(Object.entries(files).map(([path, bytes]) => ({ path, read: () => bytes })), options.transform);
}
