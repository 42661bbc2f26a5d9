import { FormatError } from "@dl/registry";
import { unpackIfGzip } from "../codecs/gzip.js";
import { decodeLines } from "../codecs/text.js";
import { unzip } from "../codecs/zip.js";
import { toyFrench, type ToyFrench } from "../generators/toy-french.js";
import { github, type DatasetFile, type DownloadedDataset, type GeneratedDataset } from "./entry.js";

/** A sentence and what it means in another language. */
export interface SentencePair {
  readonly source: string;
  readonly target: string;
}

/** Sentences and their translations; every line has who wrote it. */
export interface PairData {
  readonly pairs: readonly (SentencePair & { readonly attribution: string })[];
}

/** The same sentences in three languages, line by line. */
export type ThreeLanguages = Readonly<Record<"en" | "de" | "fr", readonly string[]>>;

/** Lines of `source <tab> target <tab> attribution`. @throws FormatError with the line for others */
export function decodePairs(bytes: Uint8Array, where = "decodePairs"): PairData {
  return {
    pairs: decodeLines(bytes, { where }).map((line, i) => {
      const cells = line.split("\t");
      if (cells.length < 2 || cells.length > 3) throw new FormatError(where, `line ${i + 1} has ${cells.length} cells between tabs, not 2 or 3`, "Check the file", { line: i + 1 });
      const [source, target, attribution = ""] = cells;
      return { source, target, attribution };
    }),
  };
}

/** The pairs of two languages of a split. */
export const sentencePairs = (split: ThreeLanguages, source: keyof ThreeLanguages, target: keyof ThreeLanguages): SentencePair[] =>
  split[source].map((sentence, i) => ({ source: sentence, target: split[target][i] }));

/** One file per language, packed or not. @throws FormatError unless they have the same number of lines */
export function decodeThreeLanguages(files: Readonly<Record<keyof ThreeLanguages, Uint8Array>>, where = "decodeThreeLanguages"): ThreeLanguages {
  const lines = (name: keyof ThreeLanguages): string[] => decodeLines(unpackIfGzip(files[name], `${where}.${name}`), { where: `${where}.${name}` });
  const split = { en: lines("en"), de: lines("de"), fr: lines("fr") };
  const { en, de, fr } = split;
  if (en.length !== de.length || en.length !== fr.length) {
    throw new FormatError(where, `the languages have ${en.length}, ${de.length} and ${fr.length} lines`, "Fetch the files again: line by line they belong together");
  }
  return split;
}

const tatoeba = {
  kind: "downloaded",
  area: "translation",
  classes: [],
  licence: "CC BY 2.0 FR; each line names its authors",
  reference: "Tatoeba, by way of manythings.org",
} as const;

const fullArchive = "translation/eng-fra/fra-eng.zip";

const engFra: DownloadedDataset<PairData> = {
  ...tatoeba,
  title: "English to French: Tatoeba's pairs, of the day of the download",
  samples: {},
  files: [{ path: fullArchive, urls: ["https://www.manythings.org/anki/fra-eng.zip"] }],
  decode: (bytesOf) => {
    const table = unzip(bytesOf(fullArchive), fullArchive).get("fra.txt");
    if (table === undefined) throw new FormatError(fullArchive, "there is no fra.txt in it", "Fetch the file again");
    return decodePairs(table, `${fullArchive}, member "fra.txt"`);
  },
};

const shortTable = "translation/eng-fra/eng-fra-5000.tsv";

const engFraShort: DownloadedDataset<PairData> = {
  ...tatoeba,
  title: "English to French: 5,000 short pairs",
  samples: { all: 5000 },
  files: [
    {
      path: shortTable,
      urls: [],
      from: "5,000 pairs of at most five English words from data/eng-fra.txt of NJUxlj/seq2seq-attention-translation",
      bytes: 562_864,
      sha256: "d952b56a181da5270b7bb4ded3f3bbe61e67a9b1de0e0fbc1d46438c71fb55a7",
    },
  ],
  decode: (bytesOf) => decodePairs(bytesOf(shortTable), shortTable),
};

type Multi30kSplit = "train" | "val" | "test_2016_flickr";

/** Bytes and SHA-256 of the packed files, by split and language. */
const multi30kSums: Readonly<Record<Multi30kSplit, Readonly<Record<keyof ThreeLanguages, readonly [bytes: number, sha256: string]>>>> = {
  train: {
    en: [568_929, "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"],
    de: [637_044, "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6"],
    fr: [604_242, "622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c"],
  },
  val: {
    en: [21_650, "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28"],
    de: [24_681, "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a"],
    fr: [23_001, "ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9"],
  },
  test_2016_flickr: {
    en: [21_077, "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9"],
    de: [22_890, "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8"],
    fr: [22_310, "6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90"],
  },
};

const multi30kFiles = (): DatasetFile[] =>
  Object.entries(multi30kSums).flatMap(([split, languages]) =>
    Object.entries(languages).map(([language, [bytes, sha256]]) => ({
      path: `translation/multi30k/${split}.${language}.gz`,
      urls: [/* @__PURE__ */ github("multi30k/dataset", "master", `data/task1/raw/${split}.${language}.gz`)],
      bytes,
      sha256,
    })),
  );

const multi30k: DownloadedDataset<Readonly<Record<"train" | "val" | "test", ThreeLanguages>>> = {
  kind: "downloaded",
  area: "translation",
  title: "Multi30k: captions in English, German and French",
  classes: [],
  samples: { train: 29_000, val: 1014, test: 1000 },
  licence: "Not stated, derived from Flickr30k: for research",
  reference: "Elliott, Frank, Sima'an and Specia, 2016, arXiv:1605.00459",
  files: /* @__PURE__ */ multi30kFiles(),
  decode: (bytesOf) => {
    const split = (name: Multi30kSplit): ThreeLanguages => {
      const path = `translation/multi30k/${name}`;
      return decodeThreeLanguages({ en: bytesOf(`${path}.en.gz`), de: bytesOf(`${path}.de.gz`), fr: bytesOf(`${path}.fr.gz`) }, path);
    };
    return { train: split("train"), val: split("val"), test: split("test_2016_flickr") };
  },
};

const toyFrenchEntry: GeneratedDataset<ToyFrench> = {
  kind: "generated",
  area: "translation",
  title: "A small grammar, English to French: made up, no download",
  classes: [],
  samples: { train: 3000, test: 300 },
  licence: "Generated",
  reference: "This package",
  generate: ({ seed = 0, train = 3000, test = 300 } = {}) => toyFrench({ samples: train, heldOut: test, seed }),
};

export const translation = { "toy-french": toyFrenchEntry, "eng-fra": engFra, "eng-fra-5000": engFraShort, multi30k };
