import { FormatError } from "@dl/registry";
import { decodeCifar10 } from "../codecs/cifar.js";
import { gunzip, unpackIfGzip } from "../codecs/gzip.js";
import { untar } from "../codecs/tar.js";
import type { Splits } from "../digits/digits.js";
import { drawnDigits } from "./drawn-digits.js";
import { decodeMnist } from "../mnist.js";
import { digitNames, type DatasetFile, type DownloadedDataset } from "./entry.js";

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

const idxSplits = (folder: string, train = "train", test = "t10k") => (bytesOf: (path: string) => Uint8Array): Splits => {
  const split = (prefix: string): Splits["train"] => {
    const where = { images: `${folder}/${prefix}-images-idx3-ubyte.gz`, labels: `${folder}/${prefix}-labels-idx1-ubyte.gz` };
    return decodeMnist(bytesOf(where.images), bytesOf(where.labels), where);
  };
  return { train: split(train), test: split(test) };
};

/** MNIST and its drop-in replacements. */
const greyImages = { kind: "downloaded", area: "images", shape: [1, 28, 28], samples: { train: 60_000, test: 10_000 } } as const;

const mnist: DownloadedDataset = {
  ...greyImages,
  title: "MNIST: handwritten digits",
  classes: digitNames,
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
  ...greyImages,
  title: "Fashion-MNIST: pictures of clothes",
  classes: garments,
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

const cifarNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const cifarArchive = "cifar10/cifar-10-binary.tar.gz";

function decodeCifarArchive(bytes: Uint8Array): Splits {
  const files = untar(gunzip(bytes, cifarArchive), cifarArchive);
  const batches = (...names: readonly string[]): Splits["train"] => {
    const parts = names.map((name) => {
      const part = files.get(`cifar-10-batches-bin/${name}.bin`);
      if (part === undefined) throw new FormatError(cifarArchive, `there is no ${name}.bin in it`, "Fetch the file again", { name });
      return part;
    });
    const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    return decodeCifar10(joined, cifarArchive);
  };
  return { train: batches("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"), test: batches("test_batch") };
}

const cifar = {
  kind: "downloaded",
  area: "images",
  classes: cifarNames,
  shape: [3, 32, 32],
  licence: "Not stated by its authors",
  reference: "Krizhevsky, 2009, Learning multiple layers of features from tiny images",
} as const;

const cifar10: DownloadedDataset = {
  ...cifar,
  title: "CIFAR-10: small photographs of ten kinds",
  samples: { train: 50_000, test: 10_000 },
  files: [
    {
      path: cifarArchive,
      urls: ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"],
      bytes: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    },
  ],
  decode: (bytesOf) => decodeCifarArchive(bytesOf(cifarArchive)),
};

const cutFrom = "the first records of the full set, cut out by hand; take the full set instead";

const cifarStart: DownloadedDataset = {
  ...cifar,
  title: "CIFAR-10: the first 2,000 and 1,000 photographs",
  samples: { train: 2000, test: 1000 },
  files: [
    { path: "cifar10/train2000.bin.gz", urls: [], from: cutFrom, bytes: 5_662_466, sha256: "afa9b770a398c0e3fedc770f439507ccddbd67e4adc9ea1d2b287fa6cc56b875" },
    { path: "cifar10/test1000.bin.gz", urls: [], from: cutFrom, bytes: 2_825_834, sha256: "481869234567c4835abc7c5f640eb4c2dd6fb841f09ea94a7f989d31f337e06c" },
  ],
  decode: (bytesOf) => {
    const split = (path: string): Splits["train"] => decodeCifar10(unpackIfGzip(bytesOf(path), path), path);
    return { train: split("cifar10/train2000.bin.gz"), test: split("cifar10/test1000.bin.gz") };
  },
};

const fashionStart: DownloadedDataset = {
  ...fashionMnist,
  title: "Fashion-MNIST: the first 2,000 and 1,000 pictures",
  samples: { train: 2000, test: 1000 },
  files: [
    { path: "fashion-mnist/train2000-images-idx3-ubyte.gz", urls: [], from: cutFrom, bytes: 862_787, sha256: "f22187ccdaf60ba8ba633c688ffdb32f5d0268e239d82877be5684d1661de7f9" },
    { path: "fashion-mnist/train2000-labels-idx1-ubyte.gz", urls: [], from: cutFrom, bytes: 1032, sha256: "eebe183fe476d171b9496a702183a5bac1aa920264ba962d5208ac2c6487ee0f" },
    { path: "fashion-mnist/test1000-images-idx3-ubyte.gz", urls: [], from: cutFrom, bytes: 432_767, sha256: "ea30cac29ca73f5db5eaf50973ac89b719bcceab81a656139adb9c8f40a52830" },
    { path: "fashion-mnist/test1000-labels-idx1-ubyte.gz", urls: [], from: cutFrom, bytes: 524, sha256: "dbcee292a255fe70d571317bf37c89b845f3177427c61a23f68e4230b262a846" },
  ],
  decode: /* @__PURE__ */ idxSplits("fashion-mnist", "train2000", "test1000"),
};

/** Pictures with a class each: x float32 [N, C, H, W] in 0..1, y int32 [N]. */
export const images = {
  mnist,
  "fashion-mnist": fashionMnist,
  "fashion-mnist-start": fashionStart,
  cifar10,
  "cifar10-start": cifarStart,
  digits: drawnDigits,
};
