import { checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import type { SentencePair } from "../catalogue/translation.js";
import { begin, choice, type GeneratorOptions } from "./common.js";
import {
  activities, articles, beings, colours, companions, deeds, moods, places, possessive, prepositions, type Agreeing, type Being, type Noun,
} from "./toy-french-words.js";

export interface ToyFrenchOptions extends GeneratorOptions {
  /** Pairs with combinations that the others never show. Default 300. */
  readonly heldOut?: number;
}

export interface ToyFrench {
  readonly train: readonly SentencePair[];
  /** Who does what is new in each; the first two are those of the course's notes. Every word occurs in `train`. */
  readonly heldOut: readonly SentencePair[];
}

/** The course's own sentences. */
const fromNotes: readonly SentencePair[] = [
  { source: "The cat is on the mat", target: "Le chat est sur le tapis" },
  { source: "A woman is running with her dog", target: "Une femme court avec son chien" },
];

/** What is said of someone; `word` is the place of its main word in its list. */
interface Predicate extends SentencePair {
  readonly word: number;
}

const wordLists = () =>
  ({
    articles: articles(), colours: colours(), adjectives: [...colours(), ...moods()], beings: beings(), companions: companions(), places: places(),
    prepositions: prepositions(), activities: activities(), deeds: deeds(),
  }) as const;

const vocabulary = /* @__PURE__ */ wordLists();

const agreed = ({ m, f }: Agreeing, { gender }: Noun): string => (gender === "m" ? m : f);

/** article noun, or article adjective noun → article noun adjective. */
function nounPhrase(random: Generator, noun: Noun, adjectives: readonly Agreeing[], adjectiveShare: number): SentencePair {
  const article = choice(random, vocabulary.articles);
  const own = random.uniform() < adjectiveShare ? choice(random, adjectives) : null;
  const adjective = own === null ? { en: "", fr: "" } : { en: ` ${own.en}`, fr: ` ${agreed(own, noun)}` };
  return { source: `${article.en}${adjective.en} ${noun.en}`, target: `${agreed(article, noun)} ${noun.fr}${adjective.fr}` };
}

/** preposition place, or "with" and what belongs to someone. */
function circumstance(random: Generator, who: Being): SentencePair {
  if (random.int(2) === 0) {
    const what = choice(random, vocabulary.companions);
    return { source: `with ${who.possessive} ${what.en}`, target: `avec ${possessive[what.gender]} ${what.fr}` };
  }
  return location(random, choice(random, vocabulary.places));
}

function location(random: Generator, place: Noun): SentencePair {
  const where = choice(random, vocabulary.prepositions);
  const phrase = nounPhrase(random, place, vocabulary.colours, 0.2);
  return { source: `${where.en} ${phrase.source}`, target: `${where.fr} ${phrase.target}` };
}

const predicates: readonly ((random: Generator, who: Being) => Predicate)[] = [
  function isSomewhere(random) {
    const word = random.int(vocabulary.places.length);
    const { source, target } = location(random, vocabulary.places[word]);
    return { source: `is ${source}`, target: `est ${target}`, word };
  },
  function isDoing(random, who) {
    const word = random.int(vocabulary.activities.length);
    const { en, fr } = vocabulary.activities[word];
    const more = random.int(3) === 0 ? { source: "", target: "" } : circumstance(random, who);
    return { source: `is ${en} ${more.source}`.trim(), target: `${fr} ${more.target}`.trim(), word };
  },
  function isSo(random, who) {
    const word = random.int(vocabulary.adjectives.length);
    const adjective = vocabulary.adjectives[word];
    return { source: `is ${adjective.en}`, target: `est ${agreed(adjective, who)}`, word };
  },
  function doesTo(random) {
    const word = random.int(vocabulary.deeds.length);
    const { en, fr } = vocabulary.deeds[word];
    const whom = nounPhrase(random, choice(random, vocabulary.beings), vocabulary.adjectives, 0.3);
    return { source: `${en} ${whom.source}`, target: `${fr} ${whom.target}`, word };
  },
];

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A fifth of all pairs of a subject and the main word of what is said of it: every word occurs in others. */
const isHeldOut = (subject: number, word: number): boolean => (subject + word) % 5 === 0;

function sentence(random: Generator): SentencePair & { readonly isHeldOut: boolean } {
  const subject = random.int(vocabulary.beings.length);
  const who = vocabulary.beings[subject];
  const phrase = nounPhrase(random, who, vocabulary.adjectives, 0.3);
  const said = choice(random, predicates)(random, who);
  const [source, target] = [`${phrase.source} ${said.source}`, `${phrase.target} ${said.target}`].map(capitalized);
  return { source, target, isHeldOut: isHeldOut(subject, said.word) };
}

/** Draws until there are `count` sentences of the kind. */
function drawn(random: Generator, count: number, wanted: boolean): SentencePair[] {
  const found: SentencePair[] = [];
  while (found.length < count) {
    const { source, target, isHeldOut: isNew } = sentence(random);
    if (isNew === wanted) found.push({ source, target });
  }
  return found;
}

/**
 * English sentences with their French translations, of which each has one that is right: articles and adjectives agree with the gender of the noun,
 * adjectives follow it, "is running" is one word, and "her dog" becomes "son chien" whoever she is.
 *
 *     toyFrench({ seed: 1 }).heldOut[0] → { source: "The cat is on the mat", target: "Le chat est sur le tapis" }
 *
 * Who does what in the held-out pairs, such as women who run, never occurs in the others. 3000 pairs to learn from by default.
 * @throws ValueError for counts that are not whole, UnknownNameError for options
 */
export function toyFrench(options: ToyFrenchOptions = {}): ToyFrench {
  const { samples = 3000, heldOut = 300 } = options;
  const random = begin("toyFrench", options, ["heldOut"], samples);
  checkWhole("toyFrench", "heldOut", heldOut);
  const train = drawn(random, samples, false);
  return { train, heldOut: [...fromNotes, ...drawn(random, heldOut, true)].slice(0, heldOut) };
}
