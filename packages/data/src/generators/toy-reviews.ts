import type { Generator } from "@dl/tensor";
import { begin, choice, type GeneratorOptions } from "./common.js";
import { filmParts, openings, words } from "./toy-reviews-words.js";

/** A review of a film with what a reader makes of it. */
export interface ToyReview {
  readonly text: string;
  /** 1 … 5. */
  readonly stars: number;
  /** 1 for a review that ends well, otherwise 0. */
  readonly label: 0 | 1;
}

/** Reviews side by side. */
export interface ToyReviews {
  readonly texts: readonly string[];
  /** 1 … 5. */
  readonly stars: Int32Array;
  /** 1 for positive, 0 for negative. */
  readonly labels: Int32Array;
}

/** Says something of the quality asked for: plainly, or by denying the opposite. */
function verdict(random: Generator, stars: 1 | 2 | 4 | 5): string {
  const plain = (kind: keyof typeof words): string => choice(random, words[kind]);
  if (stars === 5) return choice(random, [`${plain("very")} ${plain("good")}`, plain("superb")]);
  if (stars === 1) return choice(random, [`${plain("very")} ${plain("bad")}`, plain("awful")]);
  const [own, opposite] = stars === 4 ? [plain("good"), choice(random, [plain("bad"), plain("awful")])] : [plain("bad"), choice(random, [plain("good"), plain("superb")])];
  return choice(random, [own, `${plain("not")} ${opposite}`]);
}

/** A sentence that begins with the opposite of what it comes to, one that only comes to it, or one that says it twice. */
function settled(random: Generator, stars: 1 | 2 | 4 | 5): string {
  const it = choice(random, ["it is", "the film is", `the ${choice(random, filmParts)} is`]);
  const close = `${it} ${verdict(random, stars)}`;
  const opposite = stars > 3 ? openings.grim : openings.hopeful;
  const [part, another] = [choice(random, filmParts), verdict(random, stars)];
  return choice(random, [close, `${choice(random, opposite)} but ${close}`, `the ${part} is ${another} and ${close}`]);
}

/** One good and one bad side: what comes last decides. */
function mixed(random: Generator, label: 0 | 1): string {
  const [first, last] = label === 1 ? ([2, 4] as const) : ([4, 2] as const);
  return `the ${choice(random, filmParts)} is ${verdict(random, first)} but the ${choice(random, filmParts)} is ${verdict(random, last)}`;
}

function review(random: Generator): ToyReview {
  const label = random.int(2) === 1 ? 1 : 0;
  const kind = random.int(5);
  if (kind === 0) return { text: mixed(random, label), stars: 3, label };
  const stars = label === 1 ? (kind < 3 ? 4 : 5) : kind < 3 ? 2 : 1;
  return { text: settled(random, stars), stars, label };
}

/**
 * Short reviews of films from templates, whose words alone do not give their sense away: "not good", "hardly boring", "i expected to hate it
 * but the ending is superb". Every verdict can be denied, and what follows a "but" counts: bags of words fail, order decides. A fifth of the reviews have
 * 3 stars, one good and one bad side; their label is that of the side that comes last. 1000 samples by default.
 * @throws ValueError for a count that is not whole
 */
export function toyReviews(options: GeneratorOptions = {}): ToyReviews {
  const { samples = 1000 } = options;
  const random = begin("toyReviews", options, [], samples);
  const reviews = Array.from({ length: samples }, () => review(random));
  return { texts: reviews.map(({ text }) => text), stars: Int32Array.from(reviews, ({ stars }) => stars), labels: Int32Array.from(reviews, ({ label }) => label) };
}

/** A review of the film Joker, which `toyReviews` never gives: it names the film, and is longer than any of its sentences. */
export const jokerReview: ToyReview = {
  text: "i expected to hate joker but the story is anything but boring and the acting is superb", stars: 5, label: 1,
};
