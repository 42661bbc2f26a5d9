import { unknownName } from "@dl/registry";
import { digits, type DigitsOptions, type Splits } from "./digits/digits.js";
import { decodeMnist } from "./mnist.js";

/** A file that a data set needs. */
export interface DatasetFile {
  /** Below the data directory, with forward slashes. */
  readonly path: string;
  /** Where it can be fetched; tried in this order. */
  readonly urls: readonly string[];
  readonly bytes: number;
  readonly sha256: string;
}

interface Described {
  readonly title: string;
  /** Class names by label. */
  readonly classes: readonly string[];
  /** Shape of one input. */
  readonly shape: readonly number[];
  readonly samples: { readonly train: number; readonly test: number };
  readonly licence: string;
  readonly reference: string;
}

/** A data set made of files: `decode` gets the bytes of each by its `path`. */
export interface DownloadedDataset extends Described {
  readonly kind: "downloaded";
  readonly files: readonly DatasetFile[];
  readonly decode: (bytesOf: (path: string) => Uint8Array) => Splits;
}

/** A data set that is computed. */
export interface GeneratedDataset extends Described {
  readonly kind: "generated";
  readonly generate: (options?: DigitsOptions) => Splits;
}

export type DatasetEntry = DownloadedDataset | GeneratedDataset;

const digitNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const garments = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

/** Size and SHA-256 of each of the four files that MNIST and its drop-in replacements consist of. */
type Checksums = Readonly<Record<"train-images-idx3" | "train-labels-idx1" | "t10k-images-idx3" | "t10k-labels-idx1", readonly [bytes: number, sha256: string]>>;

const idxFiles = (folder: string, mirrors: readonly string[], checksums: Checksums): DatasetFile[] =>
  Object.entries(checksums).map(([name, [bytes, sha256]]) => ({
    path: `${folder}/${name}-ubyte.gz`,
    urls: mirrors.map((mirror) => `${mirror}/${name}-ubyte.gz`),
    bytes,
    sha256,
  }));

const idxSplits = (folder: string) => (bytesOf: (path: string) => Uint8Array): Splits => {
  const split = (prefix: string): Splits["train"] => {
    const where = { images: `${folder}/${prefix}-images-idx3-ubyte.gz`, labels: `${folder}/${prefix}-labels-idx1-ubyte.gz` };
    return decodeMnist(bytesOf(where.images), bytesOf(where.labels), where);
  };
  return { train: split("train"), test: split("t10k") };
};

const mnist: DownloadedDataset = {
  kind: "downloaded",
  title: "MNIST: handwritten digits",
  classes: digitNames,
  shape: [1, 28, 28],
  samples: { train: 60_000, test: 10_000 },
  licence: "Not stated by its authors; widely redistributed, several libraries state CC BY-SA 3.0",
  reference: "LeCun, Bottou, Bengio and Haffner, 1998, Gradient-based learning applied to document recognition",
  files: /* @__PURE__ */ idxFiles("mnist", ["https://storage.googleapis.com/cvdf-datasets/mnist", "https://ossci-datasets.s3.amazonaws.com/mnist"], {
    "train-images-idx3": [9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"],
    "train-labels-idx1": [28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"],
    "t10k-images-idx3": [1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"],
    "t10k-labels-idx1": [4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"],
  }),
  decode: /* @__PURE__ */ idxSplits("mnist"),
};

const fashionMnist: DownloadedDataset = {
  kind: "downloaded",
  title: "Fashion-MNIST: pictures of clothes",
  classes: garments,
  shape: [1, 28, 28],
  samples: { train: 60_000, test: 10_000 },
  licence: "MIT (Zalando SE)",
  reference: "Xiao, Rasul and Vollgraf, 2017, arXiv:1708.07747",
  files: /* @__PURE__ */ idxFiles("fashion-mnist", ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"], {
    "train-images-idx3": [26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"],
    "train-labels-idx1": [29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"],
    "t10k-images-idx3": [4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"],
    "t10k-labels-idx1": [5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"],
  }),
  decode: /* @__PURE__ */ idxSplits("fashion-mnist"),
};

const drawnDigits: GeneratedDataset = {
  kind: "generated",
  title: "Digits: drawn by a random hand, no download",
  classes: digitNames,
  shape: [1, 28, 28],
  samples: { train: 4000, test: 1000 },
  licence: "Generated",
  reference: "This package",
  generate: digits,
};

/** The data sets that this package knows, by name. */
export const datasets = { mnist, "fashion-mnist": fashionMnist, digits: drawnDigits };

/**
 * The entry of a data set.
 * @throws UnknownNameError with near matches
 */
export function datasetNamed(name: string, known: Readonly<Record<string, DatasetEntry>> = datasets): DatasetEntry {
  if (!Object.hasOwn(known, name)) throw unknownName("datasetNamed", "data set", name, Object.keys(known));
  return known[name];
}
