import fc from "fast-check";
import { expect, test } from "vitest";
import { learnMerges } from "./learn-merges.js";
import { MergeTable, type TokenMerge } from "./merge-table.js";

const letters = ["a", "b", "c"];
const word = fc.array(fc.nat(letters.length - 1), { minLength: 1, maxLength: 30 });
const counted = fc.array(fc.record({ symbols: word, count: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 20 });

/** All occurrences of a pair, left to right. */
function merged(symbols: readonly number[], left: number, right: number, id: number): number[] {
  const after: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      after.push(id);
      i++;
    } else after.push(symbols[i]);
  }
  return after;
}

/** Byte-pair encoding as it is defined: count all pairs anew for each merge. */
function plainlyLearnt(words: readonly { symbols: number[]; count: number }[], tokens: string[], steps: number, minFrequency: number): string[][] {
  const merges: string[][] = [];
  let texts = words.map(({ symbols }) => symbols);
  while (tokens.length < letters.length + steps) {
    const counts = new Map<string, number>();
    texts.forEach((symbols, i) => {
      for (let k = 1; k < symbols.length; k++) {
        const key = `${symbols[k - 1]} ${symbols[k]}`;
        counts.set(key, (counts.get(key) ?? 0) + words[i].count);
      }
    });
    const pairs = Array.from(counts, ([key, count]) => ({ pair: key.split(" ").map(Number), count })).filter(({ count }) => count >= minFrequency);
    const best = pairs.sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]).at(0);
    if (best === undefined) break;
    const [left, right] = best.pair;
    merges.push([tokens[left], tokens[right]]);
    const token = tokens[left] + tokens[right];
    const id = tokens.includes(token) ? tokens.indexOf(token) : tokens.push(token) - 1;
    texts = texts.map((symbols) => merged(symbols, left, right, id));
  }
  return merges;
}

test("counts that are kept up to date give the merges of counting anew", () => {
  fc.assert(fc.property(counted, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }), (words, steps, minFrequency) => {
    const expected = plainlyLearnt(structuredClone(words), [...letters], steps, minFrequency);
    const tokens = [...letters];
    expect(learnMerges(structuredClone(words), tokens, letters.length + steps, minFrequency)).toStrictEqual(expected);
  }));
});

/** The merge of the lowest rank, its leftmost occurrence first, until none is left. */
function plainlyApplied(symbols: readonly number[], merges: readonly TokenMerge[]): number[] {
  const pairs = symbols.slice(1).map((right, i) => ({ at: i, merge: merges.find((merge) => merge.left === symbols[i] && merge.right === right) }));
  const ranked = pairs.flatMap(({ at, merge }) => (merge === undefined ? [] : [{ at, merge }])).sort((a, b) => a.merge.rank - b.merge.rank || a.at - b.at);
  const first = ranked.at(0);
  return first === undefined ? [...symbols] : plainlyApplied([...symbols.slice(0, first.at), first.merge.merged, ...symbols.slice(first.at + 2)], merges);
}

test("merges by a heap are those of looking for the lowest rank anew, also where ranks are equal or later merges come first", () => {
  const merge = fc.record({ left: fc.nat(5), right: fc.nat(5), merged: fc.nat(5), rank: fc.nat(4) });
  const merges = fc.uniqueArray(merge, { selector: ({ left, right }) => left * 6 + right, maxLength: 12 });
  fc.assert(fc.property(fc.array(fc.nat(5), { maxLength: 30 }), merges, (symbols, table) => {
    expect([...new MergeTable(6, table).apply(Int32Array.from(symbols))]).toStrictEqual(plainlyApplied(symbols, table));
  }));
});
