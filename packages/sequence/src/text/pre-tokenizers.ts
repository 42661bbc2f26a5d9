import { ValueError } from "@dl/registry";
import type { Offset } from "../tokenizers/tokenizer.js";

/**
 * How a text is cut into words before tokens are looked for; JSON can name it.
 * - "whitespace": what stands between white space.
 * - "words": words with the apostrophes within them, numbers, and every other sign, Chinese character or emoji by itself; white space is left out.
 * - "bert": what stands between white space, with every punctuation mark by itself. (Devlin et al., 2019)
 * - "gpt2": words and numbers with the space before them, contractions, runs of other signs and of white space; nothing is left out. (Radford et al., 2019)
 * - "none": the whole text is one word.
 * - { pattern }: the matches of a regular expression (flag `u`), and what stands between them.
 */
export type PreTokenizer = "whitespace" | "words" | "bert" | "gpt2" | "none" | { readonly pattern: string };

// \s of JavaScript differs from Unicode's white space in two characters (U+0085, U+FEFF), so the property is named.
const space = "\\p{White_Space}";
const punctuation = "!-/:-@[-`{-~\\p{P}";
const ownWord = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";
const wordPart = `(?:(?![${ownWord}])[\\p{L}\\p{M}\\p{N}_])+`;

const patterns: Readonly<Record<Exclude<PreTokenizer, object>, string>> = {
  whitespace: `[^${space}]+`,
  words: `${wordPart}(?:['’]${wordPart})*|[${ownWord}]|[^${space}]\\p{M}*`,
  bert: `[${punctuation}]|[^${space}${punctuation}]+`,
  gpt2: `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${space}\\p{L}\\p{N}]+|${space}+(?![^${space}])|${space}+`,
  none: "[^]+",
};

const spaceAt = /\p{White_Space}/u;

export const preTokenizerNames: readonly string[] = Object.keys(patterns);

export const isPreTokenizerName = (name: string): name is keyof typeof patterns => Object.hasOwn(patterns, name);

/** Cuts texts into words. */
export interface WordSplitter {
  /** The words themselves. */
  words(text: string): readonly string[];
  /** Where they stand. */
  offsets(text: string): Offset[];
  /**
   * How much of a text's start falls into the same words whatever follows it.
   * @param normalize what is done to texts before they are cut
   * @throws ValueError for a pattern, of which nobody knows
   */
  finalLength(text: string, normalize: (text: string) => string): number;
}

function compiled(where: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern, "gu");
  } catch (cause) {
    const error = new ValueError(where, `${JSON.stringify(pattern)} is no regular expression`, "Write it as JavaScript does, for the flag u", { pattern });
    error.cause = cause;
    throw error;
  }
}

/** The character that ends at a place. */
const characterBefore = (text: string, at: number): string => (/.$/su.exec(text.slice(Math.max(0, at - 2), at)) ?? [""])[0];

/** Whether a word ends with the character: one that a normalizer takes away, or makes a space of, tells nothing. */
function endsWord(character: string, normalize: (text: string) => string): boolean {
  const last = normalize(character).at(-1);
  return last !== undefined && !spaceAt.test(last);
}

/** The last place where a word ends and white space begins: no word of those with a name goes across. */
function lastWordEnd(text: string, normalize: (text: string) => string): number {
  for (let at = text.length - 1; at > 0; at--) {
    if (spaceAt.test(text[at]) && !spaceAt.test(text[at - 1]) && endsWord(characterBefore(text, at), normalize)) return at;
  }
  return 0;
}

/** The matches and what stands between them. */
function isolated(text: string, pattern: RegExp): Offset[] {
  const offsets: Offset[] = [];
  let from = 0;
  const upTo = (end: number): void => {
    if (end > from) offsets.push([from, end]);
    from = end;
  };
  for (const match of text.matchAll(pattern)) {
    upTo(match.index);
    upTo(match.index + match[0].length);
  }
  upTo(text.length);
  return offsets;
}

/** @throws ValueError for a name that is none, or a pattern that is no regular expression */
export function wordSplitter(preTokenizer: PreTokenizer, where = "wordSplitter"): WordSplitter {
  if (typeof preTokenizer === "object") {
    const pattern = compiled(where, preTokenizer.pattern);
    const offsets = (text: string): Offset[] => isolated(text, pattern);
    return {
      words: (text) => offsets(text).map(([start, end]) => text.slice(start, end)),
      offsets,
      finalLength: () => {
        throw new ValueError(where, "nobody knows where a text may be cut for a pattern of one's own", "Encode the whole text at once", { ...preTokenizer });
      },
    };
  }
  const name: string = preTokenizer;
  if (!isPreTokenizerName(name)) throw new ValueError(where, `there is no pre-tokenizer "${name}"`, `Use ${preTokenizerNames.join(", ")}`, { preTokenizer });
  const pattern = compiled(where, patterns[name]);
  return {
    words: (text) => text.match(pattern) ?? [],
    offsets: (text) => Array.from(text.matchAll(pattern), (match): Offset => [match.index, match.index + match[0].length]),
    finalLength: name === "none" ? () => 0 : lastWordEnd,
  };
}
