import { ValueError } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { begin, choice, type GeneratorOptions } from "./common.js";

/** A sentence in both languages, as tokens. */
export interface Translation {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

const words = {
  article: { the: "lo", a: "un" },
  adjective: { red: "roda", old: "vana", small: "mika", happy: "feli", green: "vera", slow: "lenta" },
  noun: { cat: "gato", dog: "kano", bird: "avo", child: "nino", house: "kasa", tree: "arbo", fish: "peso", king: "rego" },
  verb: { sees: "vida", likes: "ama", follows: "seka", finds: "trova", calls: "voka" },
  adverb: { often: "ofte", now: "nuna", never: "neva" },
} as const;

type WordClass = keyof typeof words;

interface Entry {
  readonly kind: WordClass;
  readonly meaning: string;
}

function entriesByWord(): ReadonlyMap<string, Entry> {
  const kinds = Object.keys(words) as WordClass[];
  return new Map(kinds.flatMap((kind) => Object.entries(words[kind]).map(([word, meaning]) => [word, { kind, meaning }] as const)));
}

const lexicon = /* @__PURE__ */ entriesByWord();

const draw = (random: Generator, kind: WordClass): string => choice(random, Object.keys(words[kind]));

function nounPhrase(random: Generator): string[] {
  const adjectives = Array.from({ length: random.int(3) }, () => draw(random, "adjective"));
  return [draw(random, "article"), ...new Set(adjectives), draw(random, "noun")];
}

/** article adjective* noun → article noun adjective*, the adjectives in reverse. */
const phraseInTarget = ([article, ...rest]: readonly string[]): string[] => [article, ...rest.reverse()];

/**
 * A sentence of `toyTranslation` in the other language, by rule: every word has one translation; adjectives follow their noun in reverse;
 * the verb comes last, the adverb before it.
 *
 *     translateToy(["the", "red", "cat", "sees", "a", "dog", "now"]) → lo gato roda un kano nuna vida
 *
 * @throws ValueError for a word that is unknown, or a sentence without exactly one verb
 */
export function translateToy(source: readonly string[]): string[] {
  const known = source.map((word, position) => {
    const entry = lexicon.get(word);
    if (entry === undefined) throw new ValueError("translateToy", `"${word}" is no word of the source language`, `Words: ${[...lexicon.keys()].join(", ")}`, { word, position });
    return entry;
  });
  const verb = known.findIndex(({ kind }) => kind === "verb");
  if (verb < 0 || known.some(({ kind }, i) => kind === "verb" && i !== verb)) {
    throw new ValueError("translateToy", `"${source.join(" ")}" does not have one verb`, "Give subject, verb, object and perhaps an adverb", { source });
  }
  const adverbs = known.filter(({ kind }) => kind === "adverb");
  const phrase = (part: readonly Entry[]): string[] => phraseInTarget(part.filter(({ kind }) => kind !== "adverb").map(({ meaning }) => meaning));
  return [...phrase(known.slice(0, verb)), ...phrase(known.slice(verb + 1)), ...adverbs.map(({ meaning }) => meaning), known[verb].meaning];
}

/**
 * Pairs of sentences of two toy languages, to learn translation by. The source is
 *
 *     article adjective{0,2} noun  verb  article adjective{0,2} noun  [adverb]
 *
 * and the target what `translateToy` makes of it: another order of words, one right answer. 1000 samples by default.
 * @throws ValueError for a count that is not whole
 */
export function toyTranslation(options: GeneratorOptions = {}): Translation[] {
  const { samples = 1000 } = options;
  const random = begin("toyTranslation", options, [], samples);
  return Array.from({ length: samples }, () => {
    const source = [...nounPhrase(random), draw(random, "verb"), ...nounPhrase(random)];
    if (random.int(2) === 1) source.push(draw(random, "adverb"));
    return { source, target: translateToy(source) };
  });
}
