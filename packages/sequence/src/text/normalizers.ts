import { ValueError } from "@dl/registry";

/**
 * What is done to a text before it is cut into words; JSON can name it.
 * - "nfc", "nfd", "nfkc", "nfkd": the four normal forms of Unicode.
 * - "lowerCase".
 * - "stripAccents": takes marks away that take no room of their own; after "nfd" or "nfkd" that makes é an e. "stripMarks": those that do, too.
 * - "cleanText": control characters go, every white space becomes a space.
 * - "spaceIdeographs": a space on both sides of each Chinese character.
 */
export type Normalizer = "nfc" | "nfd" | "nfkc" | "nfkd" | "lowerCase" | "stripAccents" | "stripMarks" | "cleanText" | "spaceIdeographs";

const ideographs = /[\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{F900}-\u{FAFF}\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

const steps: Readonly<Record<Normalizer, (text: string) => string>> = {
  nfc: (text) => text.normalize("NFC"),
  nfd: (text) => text.normalize("NFD"),
  nfkc: (text) => text.normalize("NFKC"),
  nfkd: (text) => text.normalize("NFKD"),
  lowerCase: (text) => text.toLowerCase(),
  stripAccents: (text) => text.replace(/\p{Mn}/gu, ""),
  stripMarks: (text) => text.replace(/\p{M}/gu, ""),
  cleanText: (text) => text.replace(/[\t\n\r\p{Z}]/gu, " ").replace(/[\uFFFD\p{C}]/gu, ""),
  spaceIdeographs: (text) => text.replace(ideographs, " $& "),
};

/** What BERT's uncased models do to a text. (Devlin et al., 2019) */
export const bertNormalizers: readonly Normalizer[] = ["cleanText", "spaceIdeographs", "nfd", "stripAccents", "lowerCase"];

export const normalizerNames: readonly string[] = Object.keys(steps);

export const isNormalizer = (name: string): name is Normalizer => Object.hasOwn(steps, name);

/** @throws ValueError for a name that is none */
export function checkNormalizers(where: string, normalizers: readonly Normalizer[]): void {
  const names: readonly string[] = normalizers;
  const unknown = names.find((name) => !isNormalizer(name));
  if (unknown !== undefined) throw new ValueError(where, `there is no normalizer "${unknown}"`, `Use ${normalizerNames.join(", ")}`, { normalizer: unknown });
}

/** The text after one normalizer after the other: `normalizeText("Élan", ["nfd", "stripAccents", "lowerCase"])` is "elan". @throws ValueError */
export function normalizeText(text: string, normalizers: readonly Normalizer[]): string {
  checkNormalizers("normalizeText", normalizers);
  return normalizers.reduce((done, name) => steps[name](done), text);
}
