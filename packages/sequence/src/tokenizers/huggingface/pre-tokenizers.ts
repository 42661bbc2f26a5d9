import { ValueError } from "@dl/registry";
import type { PreTokenizer } from "../../text/pre-tokenizers.js";
import { jsonList, jsonObject, jsonString, malformed } from "../json.js";

type Json = Readonly<Record<string, unknown>>;

/** What makes bytes of words, or cuts texts into words first. */
export const byteLevel = (useRegex: boolean): Json => ({ type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: useRegex });

const split = (pattern: string): Json => ({ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false });

const sequence = (...steps: readonly Json[]): Json => ({ type: "Sequence", pretokenizers: steps });

/** The value of "pre_tokenizer" for a byte-level model. @throws ValueError for one that leaves out white space, which that format cannot say */
export function byteLevelJson(preTokenizer: PreTokenizer): Json {
  if (preTokenizer === "gpt2" || preTokenizer === "none") return byteLevel(preTokenizer === "gpt2");
  if (typeof preTokenizer === "object") return sequence(split(preTokenizer.pattern), byteLevel(false));
  if (preTokenizer === "whitespace") return sequence({ type: "WhitespaceSplit" }, byteLevel(false));
  if (preTokenizer === "bert") return sequence({ type: "BertPreTokenizer" }, byteLevel(false));
  return notWritten(preTokenizer);
}

/** The value of "pre_tokenizer" for a model of words. @throws ValueError for one that tokenizer.json has no name for */
export function wordLevelJson(preTokenizer: PreTokenizer): Json | null {
  if (preTokenizer === "none") return null;
  if (preTokenizer === "bert") return { type: "BertPreTokenizer" };
  if (preTokenizer === "whitespace") return { type: "WhitespaceSplit" };
  return typeof preTokenizer === "object" ? split(preTokenizer.pattern) : notWritten(preTokenizer);
}

function notWritten(preTokenizer: string): never {
  const fix = 'Use "gpt2" (with BPE), "bert", "whitespace", "none" or a pattern';
  throw new ValueError("tokenizerToHuggingFace", `tokenizer.json has no name for the pre-tokenizer "${preTokenizer}" here`, fix, { preTokenizer });
}

/** A pattern of Oniguruma, which JavaScript lacks `(?i:…)` of: each letter in such a group stands for both cases. */
function translated(pattern: string): string {
  const bothCases = (letter: string): string => `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
  return pattern.replace(/\(\?i:([^()[\]\\]*)\)/gu, (_, group: string) => `(?:${group.replace(/[a-z]/giu, bothCases)})`);
}

function readSplit(where: string, json: Json): PreTokenizer {
  const behavior = jsonString(where, "pre_tokenizer.behavior", json.behavior).toLowerCase();
  const pattern = jsonObject(where, json.pattern, "pre_tokenizer.pattern");
  if (behavior !== "isolated" || json.invert === true) {
    const how = json.invert === true ? "invert" : `behavior "${behavior}"`;
    throw malformed(where, `the pre-tokenizer Split with ${how} is not supported`, 'Only "Isolated" without invert is', { behavior });
  }
  if (pattern.Regex === undefined) throw malformed(where, "the pre-tokenizer Split has no Regex", "A String is not supported");
  return { pattern: translated(jsonString(where, "pre_tokenizer.pattern.Regex", pattern.Regex)) };
}

function readByteLevel(where: string, json: Json): PreTokenizer {
  if (json.add_prefix_space === true) {
    throw malformed(where, "the pre-tokenizer ByteLevel has add_prefix_space, which is not supported", "Use a tokenizer without it");
  }
  return json.use_regex === false ? "none" : "gpt2";
}

function readOne(where: string, json: Json): PreTokenizer {
  const type = jsonString(where, "pre_tokenizer.type", json.type);
  if (type === "ByteLevel") return readByteLevel(where, json);
  if (type === "Split") return readSplit(where, json);
  if (type === "BertPreTokenizer") return "bert";
  if (type === "WhitespaceSplit") return "whitespace";
  throw malformed(where, `the pre-tokenizer ${type} is not supported`, "Supported: ByteLevel, BertPreTokenizer, WhitespaceSplit, Split", { type });
}

export interface ReadPreTokenizer {
  readonly preTokenizer: PreTokenizer;
  /** Whether words are bytes to the model. */
  readonly byteLevel: boolean;
}

/** One pre-tokenizer, or one before a ByteLevel that splits no further. @throws FormatError for others */
export function readPreTokenizer(where: string, value: unknown): ReadPreTokenizer {
  if (value === null || value === undefined) return { preTokenizer: "none", byteLevel: false };
  const json = jsonObject(where, value, "pre_tokenizer");
  const listed = json.type === "Sequence" ? jsonList(where, "pre_tokenizer.pretokenizers", json.pretokenizers) : [json];
  const steps = listed.map((step) => jsonObject(where, step, "pre_tokenizer"));
  const isByteLevel = steps.some(({ type }) => type === "ByteLevel");
  const splitting = steps.map((step) => readOne(where, step)).filter((step) => step !== "none");
  if (splitting.length > 1) throw malformed(where, `a sequence of ${splitting.length} pre-tokenizers that split is not supported`, "One is");
  return { preTokenizer: splitting.at(0) ?? "none", byteLevel: isByteLevel };
}
