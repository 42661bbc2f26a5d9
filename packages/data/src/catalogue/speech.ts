import { FormatError } from "@dl/registry";
import { decodeLines } from "../codecs/text.js";
import { decodeWav, type Sound } from "../codecs/wav.js";
import type { DownloadedDataset } from "./entry.js";

/** What is said in a clip. */
export interface Transcript {
  /** The name of its WAV file, without the ending. */
  readonly id: string;
  readonly text: string;
  /** With numbers and abbreviations in words. */
  readonly normalized: string;
}

/** Transcripts with their sound. */
export interface SpeechData {
  readonly clips: readonly (Transcript & Sound)[];
}

/** Lines of `id|text|text in words`, as LJSpeech has them. @throws FormatError with the line for others */
export function decodeTranscripts(bytes: Uint8Array, where = "decodeTranscripts"): Transcript[] {
  return decodeLines(bytes, { where }).map((line, i) => {
    const parts = line.split("|");
    if (parts.length !== 3) throw new FormatError(where, `line ${i + 1} has ${parts.length} parts between bars, not 3`, "Check the file", { line: i + 1 });
    const [id, text, normalized] = parts;
    return { id, text, normalized };
  });
}

const lj = {
  kind: "downloaded",
  area: "speech",
  classes: [],
  licence: "Public domain",
  reference: "Ito and Johnson, 2017, The LJ Speech data set",
} as const;

const transcripts = "speech/LJSpeech-1.1/metadata.csv";

const ljspeech: DownloadedDataset<{ readonly transcripts: readonly Transcript[] }> = {
  ...lj,
  title: "LJSpeech: transcripts of 24 hours by one voice",
  samples: { all: 13_100 },
  files: [{ path: transcripts, urls: [], from: "https://data.keithito.com/data/speech/LJSpeech-1.1.tar.bz2 (2.7 GB), unpacked into speech/; its wavs/ has a file per transcript, which decodeWav reads" }],
  decode: (bytesOf) => ({ transcripts: decodeTranscripts(bytesOf(transcripts), transcripts) }),
};

const cut = "four clips of LJSpeech, as tests/data/ljspeech of coqui-ai/TTS has them";
const clipSums = [
  ["LJ001-0002", 83_814, "6563390fa42121eeeab15f49fa91fd26afe000022bfdaaa882f06224ad549599"],
  ["LJ001-0004", 226_662, "3c9cce186f26b6690b1d96a6a640c3f1bdb10e1f206738344190fa264955a7af"],
  ["LJ001-0006", 250_726, "4b866eebe1e7cb6ded4bcb27caa0638b8ade67a6a8a2f7132952b716dc7006db"],
  ["LJ001-0008", 78_694, "298f66ac69a0dcc1dd3b03236d74ea18599a2608fa0af22123e0ff58a175ee8f"],
] as const;
const fourTranscripts = "speech/ljspeech-metadata.csv";

const fourClips: DownloadedDataset<SpeechData> = {
  ...lj,
  title: "LJSpeech: four clips",
  samples: { all: clipSums.length },
  files: [
    { path: fourTranscripts, urls: [], from: cut, bytes: 488, sha256: "1ec78635b847450c28de393405e3cc4b5039f8f93514311e7f13f8e857d8ae60" },
    ...clipSums.map(([id, bytes, sha256]) => ({ path: `speech/${id}.wav`, urls: [], from: cut, bytes, sha256 })),
  ],
  decode: (bytesOf) => ({
    clips: decodeTranscripts(bytesOf(fourTranscripts), fourTranscripts).map((transcript) => {
      const path = `speech/${transcript.id}.wav`;
      return { ...transcript, ...decodeWav(bytesOf(path), path) };
    }),
  }),
};

export const speech = { ljspeech, "ljspeech-four": fourClips };
