import { FormatError } from "@dl/registry";
import { isNormalizer, normalizerNames, type Normalizer } from "../text/normalizers.js";
import { isPreTokenizerName, preTokenizerNames, type PreTokenizer } from "../text/pre-tokenizers.js";
import { faultLine } from "./json-fault.js";

// Values out of JSON files, each checked, each error naming its place.

const WRONG_FILE = "Check that it is the right file";

export const malformed = (where: string, fact: string, fix = WRONG_FILE, details: Readonly<Record<string, unknown>> = {}): FormatError =>
  new FormatError(where, fact, fix, details);

/** @throws FormatError with the line where the text is no JSON */
export function parseJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const line = faultLine(text);
    const error = malformed(where, `line ${line} is no JSON (${reason})`, "The file is damaged: fetch it again", { line });
    error.cause = cause;
    throw error;
  }
}

const described = (value: unknown): string => (value === undefined ? "missing" : JSON.stringify(value).slice(0, 40));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws FormatError unless it is an object with keys */
export function jsonObject(where: string, value: unknown, name = "the JSON"): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw malformed(where, `${name} is ${described(value)}, not an object`, WRONG_FILE, { name });
}

/** @throws FormatError unless it is an array */
export function jsonList(where: string, name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformed(where, `${name} is ${described(value)}, not a list`, WRONG_FILE, { name });
}

/** @throws FormatError unless it is a string */
export function jsonString(where: string, name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw malformed(where, `${name} is ${described(value)}, not a string`, WRONG_FILE, { name });
}

/** @throws FormatError unless all are strings, with the position of the first that is none */
export function stringList(where: string, name: string, value: unknown): string[] {
  return jsonList(where, name, value).map((item, i) => jsonString(where, `${name}[${i}]`, item));
}

/** An object of strings, each of which may be missing; `undefined` is an empty one. @throws FormatError for another key or value */
export function optionalStrings(where: string, name: string, value: unknown, keys: readonly string[]): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const entries = Object.entries(jsonObject(where, value, name));
  return Object.fromEntries(entries.map(([key, item]) => {
    if (!keys.includes(key)) throw malformed(where, `${name} has the key ${JSON.stringify(key)}`, `Known: ${keys.join(", ")}`, { key });
    return [key, jsonString(where, `${name}.${key}`, item)];
  }));
}

/** @throws FormatError for what is the name of no pre-tokenizer */
export function jsonPreTokenizer(where: string, value: unknown): PreTokenizer {
  if (typeof value === "object" && value !== null && "pattern" in value) return { pattern: jsonString(where, "preTokenizer.pattern", value.pattern) };
  const name = jsonString(where, "preTokenizer", value);
  if (isPreTokenizerName(name)) return name;
  throw malformed(where, `there is no pre-tokenizer ${JSON.stringify(name)}`, `Known: ${preTokenizerNames.join(", ")}`, { preTokenizer: name });
}

/** @throws FormatError for what is the name of no normalizer */
export function jsonNormalizers(where: string, value: unknown): Normalizer[] {
  return stringList(where, "normalizers", value).map((name) => {
    if (isNormalizer(name)) return name;
    throw malformed(where, `there is no normalizer ${JSON.stringify(name)}`, `Known: ${normalizerNames.join(", ")}`, { normalizer: name });
  });
}
