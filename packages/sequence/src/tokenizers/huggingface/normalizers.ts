import { bertNormalizers, type Normalizer } from "../../text/normalizers.js";
import { jsonList, jsonObject, jsonString, malformed } from "../json.js";

type Json = Readonly<Record<string, unknown>>;

const bert = (flags: Partial<Record<"clean_text" | "handle_chinese_chars" | "strip_accents" | "lowercase", true>>): Json =>
  ({ type: "BertNormalizer", clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: false, ...flags });

const accents = "\\p{Mn}";

const written: Readonly<Record<Normalizer, Json>> = {
  nfc: { type: "NFC" },
  nfd: { type: "NFD" },
  nfkc: { type: "NFKC" },
  nfkd: { type: "NFKD" },
  lowerCase: { type: "Lowercase" },
  stripMarks: { type: "StripAccents" },
  stripAccents: { type: "Replace", pattern: { Regex: accents }, content: "" },
  cleanText: /* @__PURE__ */ bert({ clean_text: true }),
  spaceIdeographs: /* @__PURE__ */ bert({ handle_chinese_chars: true }),
};

const plain: Readonly<Record<string, Normalizer>> = { NFC: "nfc", NFD: "nfd", NFKC: "nfkc", NFKD: "nfkd", Lowercase: "lowerCase", StripAccents: "stripMarks" };

/** The value of "normalizer" in a tokenizer.json. */
export function normalizerJson(normalizers: readonly Normalizer[]): Json | null {
  if (normalizers.join() === bertNormalizers.join()) return bert({ clean_text: true, handle_chinese_chars: true, strip_accents: true, lowercase: true });
  if (normalizers.length < 2) return normalizers.length === 0 ? null : written[normalizers[0]];
  return { type: "Sequence", normalizers: normalizers.map((name) => written[name]) };
}

function bertSteps(json: Json): Normalizer[] {
  const lowercase = json.lowercase !== false;
  const strips = typeof json.strip_accents === "boolean" ? json.strip_accents : lowercase;
  return [
    ...(json.clean_text === false ? [] : ["cleanText" as const]),
    ...(json.handle_chinese_chars === false ? [] : ["spaceIdeographs" as const]),
    ...(strips ? ["nfd" as const, "stripAccents" as const] : []),
    ...(lowercase ? ["lowerCase" as const] : []),
  ];
}

/** @throws FormatError for a normalizer that there is none for here */
export function readNormalizers(where: string, value: unknown): Normalizer[] {
  if (value === null || value === undefined) return [];
  const json = jsonObject(where, value, "normalizer");
  const type = jsonString(where, "normalizer.type", json.type);
  if (type === "Sequence") return jsonList(where, "normalizer.normalizers", json.normalizers).flatMap((item) => readNormalizers(where, item));
  if (type === "BertNormalizer") return bertSteps(json);
  if (Object.hasOwn(plain, type)) return [plain[type]];
  if (type === "Replace" && json.content === "" && jsonObject(where, json.pattern, "normalizer.pattern").Regex === accents) return ["stripAccents"];
  throw malformed(where, `the normalizer ${type} is not supported`, `Supported: ${[...Object.keys(plain), "BertNormalizer", "Sequence"].join(", ")}`, { type });
}
