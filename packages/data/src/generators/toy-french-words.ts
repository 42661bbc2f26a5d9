/** In French, words agree with the gender of the noun that they belong to. */
export type Gender = "m" | "f";

/** A noun in both languages; none begins with a vowel in French, so that no article is shortened. */
export interface Noun {
  readonly en: string;
  readonly fr: string;
  readonly gender: Gender;
}

/** Someone who can do something, and the English word for what belongs to them. */
export interface Being extends Noun {
  readonly possessive: "his" | "her" | "its";
}

/** What stands in place of a word, for each gender of the noun in French. */
export interface Agreeing {
  readonly en: string;
  readonly m: string;
  readonly f: string;
}

/** A word, or several, that stay as they are. */
export interface Fixed {
  readonly en: string;
  readonly fr: string;
}

const noun = (en: string, fr: string, gender: Gender): Noun => ({ en, fr, gender });
const being = (en: string, fr: string, gender: Gender, possessive: Being["possessive"]): Being => ({ en, fr, gender, possessive });
const fixed = (en: string, fr: string): Fixed => ({ en, fr });
const agreeing = (en: string, m: string, f: string): Agreeing => ({ en, m, f });

// The order of these lists decides which combinations are held out.

export const beings = (): readonly Being[] => [
  being("cat", "chat", "m", "its"), being("woman", "femme", "f", "her"), being("dog", "chien", "m", "its"), being("boy", "garçon", "m", "his"),
  being("girl", "fille", "f", "her"), being("cow", "vache", "f", "its"), being("king", "roi", "m", "his"), being("queen", "reine", "f", "her"),
  being("horse", "cheval", "m", "its"), being("mouse", "souris", "f", "its"),
];

export const places = (): readonly Noun[] => [
  noun("mat", "tapis", "m"), noun("table", "table", "f"), noun("bed", "lit", "m"), noun("chair", "chaise", "f"), noun("bridge", "pont", "m"),
  noun("house", "maison", "f"), noun("garden", "jardin", "m"), noun("car", "voiture", "f"), noun("boat", "bateau", "m"), noun("street", "rue", "f"),
];

export const companions = (): readonly Noun[] => [
  noun("dog", "chien", "m"), noun("sister", "sœur", "f"), noun("brother", "frère", "m"), noun("mother", "mère", "f"), noun("ball", "ballon", "m"),
  noun("doll", "poupée", "f"),
];

/** How anything may look. */
export const colours = (): readonly Agreeing[] => [
  agreeing("black", "noir", "noire"), agreeing("white", "blanc", "blanche"), agreeing("green", "vert", "verte"), agreeing("red", "rouge", "rouge"),
];

/** How a being may feel. */
export const moods = (): readonly Agreeing[] => [agreeing("tired", "fatigué", "fatiguée"), agreeing("happy", "heureux", "heureuse")];

export const prepositions = (): readonly Fixed[] => [
  fixed("on", "sur"), fixed("under", "sous"), fixed("in", "dans"), fixed("behind", "derrière"), fixed("in front of", "devant"),
];

/** What someone does, in English as a participle. */
export const activities = (): readonly Fixed[] => [
  fixed("sleeping", "dort"), fixed("singing", "chante"), fixed("dancing", "danse"), fixed("playing", "joue"), fixed("running", "court"),
  fixed("eating", "mange"),
];

/** What someone does to someone. */
export const deeds = (): readonly Fixed[] => [
  fixed("sees", "voit"), fixed("likes", "aime"), fixed("is looking for", "cherche"), fixed("is watching", "regarde"), fixed("follows", "suit"),
];

export const articles = (): readonly Agreeing[] => [agreeing("the", "le", "la"), agreeing("a", "un", "une")];

export const possessive: Readonly<Record<Gender, string>> = { m: "son", f: "sa" };
