import { FormatError } from "@dl/registry";
import { showShape } from "@dl/tensor";
import { decodePng } from "../codecs/png.js";
import type { DigitsOptions, Splits } from "../digits/digits.js";
import type { GeneratorOptions } from "../generators/common.js";
import { shapeScenes } from "../generators/shape-scenes.js";
import { spheres } from "../generators/spheres.js";
import { TensorDataset } from "../tensor-dataset.js";
import { github, type DatasetFile, type DownloadedDataset, type GeneratedDataset } from "./entry.js";
import { imageSums, labelSums } from "./isbi-sums.js";

/** Greys and labels of the same size. */
export interface Slice {
  readonly image: Uint8Array;
  readonly label: Uint8Array;
}

function grey(bytes: Uint8Array, where: string): { readonly height: number; readonly width: number; readonly data: Float32Array } {
  const { shape, data } = decodePng(bytes, { where });
  const [channels, height, width] = shape;
  if (channels !== 1) throw new FormatError(where, `the picture has ${channels} channels`, "Give a grey one", { channels });
  return { height, width, data: Float32Array.from(data) };
}

/**
 * Pairs of grey PNG files: x float32 [N, 1, H, W] in 0..1; y int32 [N, H, W], 1 where the label is white, 0 where it is black.
 * @param where names a picture in errors, by its number
 * @throws FormatError when a file is damaged, or pictures differ in size
 */
export function decodeSlices(slices: readonly Slice[], where = (kind: string, index: number): string => `${kind} ${index}`): TensorDataset {
  const read = slices.map(({ image, label }, i) => ({ image: grey(image, where("image", i)), label: grey(label, where("label", i)) }));
  const { height = 0, width = 0 } = read.at(0)?.image ?? {};
  const size = height * width;
  const x = new Float32Array(read.length * size);
  const y = new Int32Array(read.length * size);
  read.forEach(({ image, label }, i) => {
    for (const [kind, picture] of Object.entries({ image, label })) {
      if (picture.height === height && picture.width === width) continue;
      throw new FormatError(where(kind, i), `the picture is ${showShape([picture.height, picture.width])}, the first one ${showShape([height, width])}`, "Give pictures of one size");
    }
    x.set(image.data, i * size);
    for (let pixel = 0; pixel < size; pixel++) y[i * size + pixel] = label.data[pixel] > 0.5 ? 1 : 0;
  });
  return new TensorDataset({ x: { dtype: "float32", shape: [read.length, 1, height, width], data: x }, y: { dtype: "int32", shape: [read.length, height, width], data: y } });
}

const SLICES = 30;
const TRAINING = 24;
const pathOf = (kind: string, index: number): string => `segmentation/isbi-em/${kind}-${index}.png`;

const files = (): DatasetFile[] =>
  Object.entries({ image: imageSums, label: labelSums }).flatMap(([kind, sums]) =>
    sums.map(([bytes, sha256], i) => ({ path: pathOf(kind, i), urls: [github("zhixuhao/unet", "master", `data/membrane/train/${kind}/${i}.png`)], bytes, sha256 })),
  );

/** The labels of the challenge's own test slices are not public, so the last six are for testing. */
const isbi: DownloadedDataset = {
  kind: "downloaded",
  area: "segmentation",
  title: "ISBI-EM: membranes in slices of a fly's brain",
  classes: ["membrane", "cell"],
  shape: [1, 512, 512],
  samples: { train: TRAINING, test: SLICES - TRAINING },
  licence: "For research; the source repository is MIT",
  reference: "Cardona and others, 2010, PLoS Biology 8; Ronneberger, Fischer and Brox, 2015, arXiv:1505.04597",
  files: /* @__PURE__ */ files(),
  decode: (bytesOf): Splits => {
    const split = (start: number, end: number): TensorDataset => {
      const slices = Array.from({ length: end - start }, (_, i) => ({ image: bytesOf(pathOf("image", start + i)), label: bytesOf(pathOf("label", start + i)) }));
      return decodeSlices(slices, (kind, index) => pathOf(kind, start + index));
    };
    return { train: split(0, TRAINING), test: split(TRAINING, SLICES) };
  },
};

/** Two sets that share no sample: seeds of both come from one. */
const drawn = (make: (options: GeneratorOptions) => TensorDataset, sizes: Readonly<Record<"train" | "test", number>>) =>
  ({ seed = 0, train = sizes.train, test = sizes.test }: DigitsOptions = {}): Splits => ({ train: make({ samples: train, seed: 2 * seed }), test: make({ samples: test, seed: 2 * seed + 1 }) });

const generated = { kind: "generated", area: "segmentation", licence: "Generated", reference: "This package" } as const;

const shapeScenesEntry: GeneratedDataset = {
  ...generated,
  title: "Circles, squares and triangles in noise: drawn, no download",
  classes: ["ground", "circle", "square", "triangle"],
  shape: [1, 48, 48],
  samples: { train: 400, test: 100 },
  generate: /* @__PURE__ */ drawn(shapeScenes, { train: 400, test: 100 }),
};

const spheresEntry: GeneratedDataset = {
  ...generated,
  title: "Spheres in noisy volumes: drawn, no download",
  classes: ["ground", "sphere"],
  shape: [1, 24, 24, 24],
  samples: { train: 40, test: 10 },
  generate: /* @__PURE__ */ drawn(spheres, { train: 40, test: 10 }),
};

export const segmentation = { "isbi-em": isbi, "shape-scenes": shapeScenesEntry, spheres: spheresEntry };
