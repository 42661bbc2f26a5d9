import { StateError } from "@dl/registry";
import type { DigitsOptions, Splits } from "../digits/digits.js";

/** A file that a data set needs. */
export interface DatasetFile {
  /** Below the data directory, with forward slashes. The file may also lie there packed, as `<path>.gz`. */
  readonly path: string;
  /** Where it can be fetched; tried in this order. Empty where no address has these bytes: then `from` says how to get the file. */
  readonly urls: readonly string[];
  readonly bytes?: number;
  /** Absent where nobody publishes one and we hold no copy: such a file is taken as it comes, unverified. */
  readonly sha256?: string;
  /** Where the bytes come from, when they are not as published. */
  readonly from?: string;
}

/** What a data set is about, which says what it decodes to. */
export type Area = "images" | "tabular" | "text" | "language" | "graphs" | "translation" | "segmentation" | "speech" | "photos" | "sequences";

interface Described {
  readonly area: Area;
  readonly title: string;
  /** Class names by label; empty where there are no classes. */
  readonly classes: readonly string[];
  /** Shape of one input, where all have the same. */
  readonly shape?: readonly number[];
  /** Number of samples in each split; `all` where no split is published. */
  readonly samples: Readonly<Partial<Record<"all" | "train" | "val" | "test", number>>>;
  readonly licence: string;
  readonly reference: string;
}

/** A data set made of files: `decode` gets the bytes of each by its `path`. */
export interface DownloadedDataset<Data = Splits> extends Described {
  readonly kind: "downloaded";
  readonly files: readonly DatasetFile[];
  readonly decode: (bytesOf: (path: string) => Uint8Array) => Data;
}

/** A data set that is computed. */
export interface GeneratedDataset<Data = Splits> extends Described {
  readonly kind: "generated";
  readonly generate: (options?: DigitsOptions) => Data;
}

export type DatasetEntry<Data = Splits> = DownloadedDataset<Data> | GeneratedDataset<Data>;

/** What `loadDataset` gives for an entry. */
export type DataOf<Entry> = Entry extends DatasetEntry<infer Data> ? Data : never;

/** What an entry makes of its files, by path. @throws StateError when it asks for one that it does not list; what its decoder throws */
export const decodeFiles = <Data>(where: string, entry: DownloadedDataset<Data>, files: ReadonlyMap<string, Uint8Array>): Data =>
  entry.decode((path) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new StateError(where, `"${path}" is none of the files of "${entry.title}"`, "List it in files", { path });
    return bytes;
  });

/** Whether an entry gives a training and a test set of tensors, as recipes take them. */
export const givesSplits = (entry: DatasetEntry<unknown>): entry is DatasetEntry => entry.area === "images" || entry.area === "segmentation";

/** A file of a GitHub repository. */
export const github = (repository: string, ref: string, path: string): string => `https://raw.githubusercontent.com/${repository}/${ref}/${path}`;

/** Of the classes of written digits. */
export const digitNames: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
