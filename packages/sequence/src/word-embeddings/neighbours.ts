import { checkOptions, checkWhole } from "@dl/registry";
import { defaultGenerator, type Generator } from "@dl/tensor";
import { textsOf, type Corpus } from "./corpus.js";

export interface WindowOptions {
  /** How many words on each side count as neighbours, w. */
  readonly window: number;
  /** Draw the window of each word from 1 … w, so that near neighbours count more. Default false. (Mikolov et al., 2013a) */
  readonly dynamic?: boolean;
  /** Where drawn windows come from. Default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export interface ContextOptions extends WindowOptions {
  /** The id that stands in for neighbours that are missing at the ends of a text. Default 0. */
  readonly paddingIdx?: number;
}

/** Pair n is (center[n], context[n]). */
export interface SkipGramPairs {
  readonly center: Int32Array;
  readonly context: Int32Array;
}

export interface CBOWContexts {
  readonly center: Int32Array;
  /** 2w ids for each center: its neighbours from left to right, then padding. */
  readonly context: Int32Array;
  /** 2w. */
  readonly width: number;
}

export const windowKeys = ["window", "dynamic", "generator"];

/** Calls `visit` for each word with its neighbours, from left to right. */
function eachWord(where: string, corpus: Corpus, options: WindowOptions, visit: (center: number, neighbours: readonly number[]) => void): void {
  const { window, dynamic = false, generator = defaultGenerator() } = options;
  checkWhole(where, "window", window, 1);
  for (const text of textsOf(where, corpus)) {
    text.forEach((center, t) => {
      const reach = dynamic ? 1 + generator.int(window) : window;
      visit(center, [...text.slice(Math.max(0, t - reach), t), ...text.slice(t + 1, t + 1 + reach)]);
    });
  }
}

/**
 * Every word with each of its neighbours, what skip-gram learns from: the center is given, the context is to be told.
 * With a window of 1, "the cat sat on mat" gives the→cat, cat→the, cat→sat, sat→cat, sat→on, on→sat, on→mat, mat→on. (Mikolov et al., 2013a)
 * @throws ValueError for a window below 1, or ids that are no whole numbers
 */
export function skipGramPairs(corpus: Corpus, options: WindowOptions): SkipGramPairs {
  checkOptions("skipGramPairs", options, windowKeys);
  const [centers, contexts]: [number[], number[]] = [[], []];
  eachWord("skipGramPairs", corpus, options, (center, neighbours) => {
    for (const context of neighbours) {
      centers.push(center);
      contexts.push(context);
    }
  });
  return { center: Int32Array.from(centers), context: Int32Array.from(contexts) };
}

/**
 * Every word with all of its neighbours at once, what CBOW learns from: the context is given, the center is to be told. A word without a neighbour is
 * left out. (Mikolov et al., 2013a)
 * @throws ValueError as `skipGramPairs`
 */
export function cbowContexts(corpus: Corpus, options: ContextOptions): CBOWContexts {
  checkOptions("cbowContexts", options, [...windowKeys, "paddingIdx"]);
  const { window, paddingIdx = 0 } = options;
  checkWhole("cbowContexts", "paddingIdx", paddingIdx);
  const width = 2 * window;
  const [centers, contexts]: [number[], number[]] = [[], []];
  eachWord("cbowContexts", corpus, options, (center, neighbours) => {
    if (neighbours.length === 0) return;
    centers.push(center);
    for (let i = 0; i < width; i++) contexts.push(i < neighbours.length ? neighbours[i] : paddingIdx);
  });
  return { center: Int32Array.from(centers), context: Int32Array.from(contexts), width };
}
