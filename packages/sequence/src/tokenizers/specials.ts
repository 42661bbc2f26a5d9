import { checkOptions, ValueError } from "@dl/registry";
import type { SpecialIds } from "./tokenizer.js";

export type SpecialKind = keyof SpecialIds;

/** Special tokens by what they are for. One token may serve for two: GPT-2 has "<|endoftext|>" for `bos` and `eos`. */
export type SpecialNames = { readonly [Kind in SpecialKind]?: string };

/** The kinds in the order in which their tokens get ids. */
export const specialKinds: readonly SpecialKind[] = ["pad", "unk", "bos", "eos"];

/** Names for all four kinds: `CharTokenizer.train(text, { specials: standardSpecials })`. */
export const standardSpecials: Required<SpecialNames> = { pad: "<pad>", unk: "<unk>", bos: "<start>", eos: "<end>" };

/**
 * The tokens that are named, each once, in the order of their kinds.
 * @throws UnknownNameError for another kind, ValueError for an empty name
 */
export function specialTokens(where: string, names: SpecialNames): string[] {
  checkOptions(where, names, specialKinds);
  const tokens = specialKinds.flatMap((kind) => names[kind] ?? []);
  if (tokens.includes("")) throw new ValueError(where, "a special token is empty", 'Give it a name, such as "<pad>"', { specials: names });
  return [...new Set(tokens)];
}

/** The ids of those that are named. */
export function specialIds(names: SpecialNames, idOf: (token: string) => number): SpecialIds {
  const named = specialKinds.flatMap((kind) => {
    const token = names[kind];
    return token === undefined ? [] : [[kind, idOf(token)] as const];
  });
  return Object.fromEntries(named);
}
