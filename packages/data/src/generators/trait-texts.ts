import type { Generator, HostArray } from "@dl/tensor";
import { begin, choice, floats, type GeneratorOptions } from "./common.js";

/** The Big Five. (Goldberg, 1990) */
export const bigFive = ["openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"] as const;

export type Trait = (typeof bigFive)[number];

/** Texts, and how strong each trait of `bigFive` shows in them. */
export interface TraitTexts {
  readonly texts: readonly string[];
  /** [N, 5], float32, 0 … 1. */
  readonly targets: HostArray;
}

/** Words that speak for a trait, and words that speak against it. */
export const traitLexicon: Readonly<Record<Trait, { readonly high: readonly string[]; readonly low: readonly string[] }>> = {
  openness: {
    high: ["curious", "imaginative", "artistic", "inventive", "adventurous", "poetic"],
    low: ["conventional", "practical", "traditional", "plain", "routine", "literal"],
  },
  conscientiousness: {
    high: ["organised", "careful", "punctual", "thorough", "diligent", "tidy"],
    low: ["careless", "late", "messy", "forgetful", "lazy", "hasty"],
  },
  extraversion: {
    high: ["talkative", "outgoing", "loud", "sociable", "lively", "bold"],
    low: ["quiet", "shy", "silent", "withdrawn", "solitary", "reserved"],
  },
  agreeableness: {
    high: ["kind", "helpful", "gentle", "trusting", "generous", "patient"],
    low: ["rude", "stubborn", "harsh", "suspicious", "selfish", "cold"],
  },
  neuroticism: {
    high: ["nervous", "anxious", "moody", "worried", "tense", "upset"],
    low: ["calm", "relaxed", "stable", "secure", "steady", "carefree"],
  },
};

const frames = ["i am WORD", "people call me WORD", "friends find me WORD", "at work i stay WORD", "today i felt WORD", "as a child i was WORD"] as const;

/** Clauses about each trait in a text: shares of high words are multiples of 1/8. */
const CLAUSES = 8;

function clausesOf(random: Generator, trait: Trait, high: number): string[] {
  const { [trait]: lexicon } = traitLexicon;
  return Array.from({ length: CLAUSES }, (_, i) => choice(random, frames).replace("WORD", choice(random, i < high ? lexicon.high : lexicon.low)));
}

/**
 * Texts in which people speak of themselves, eight clauses for each of the Big Five in any order, each with a word for or against the trait from
 * `traitLexicon`; the trait's target is its share of words for it. 500 samples by default.
 * Shapes: targets [N, 5], in the order of `bigFive`.
 * @throws ValueError for a count that is not whole
 */
export function traitTexts(options: GeneratorOptions = {}): TraitTexts {
  const { samples = 500 } = options;
  const random = begin("traitTexts", options, [], samples);
  const targets = new Float32Array(samples * bigFive.length);
  const texts = Array.from({ length: samples }, (_, n) => {
    const clauses = bigFive.flatMap((trait, t) => {
      const high = random.int(CLAUSES + 1);
      targets[n * bigFive.length + t] = high / CLAUSES;
      return clausesOf(random, trait, high);
    });
    return Array.from(random.permutation(clauses.length), (at) => clauses[at]).join(" . ");
  });
  return { texts, targets: floats([samples, bigFive.length], targets) };
}
