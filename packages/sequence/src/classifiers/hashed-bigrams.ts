/** Odd, and far from powers of 2: spreads products over all bits. (Knuth, 1973) */
const SPREAD = 2_654_435_761;

/** A number below `buckets` for a pair of ids; pairs may share one. */
const bucketOf = (first: number, second: number, buckets: number): number => ((Math.imul(Math.imul(first, SPREAD) + second, SPREAD) >>> 8) % buckets);

/** The ids of the words, then one of `buckets` ids behind the vocabulary for each pair of neighbours. (Joulin et al., 2017) */
export function withBigrams(ids: Int32Array, vocabSize: number, buckets: number): Int32Array {
  const pairs = Math.max(ids.length - 1, 0);
  const all = new Int32Array(ids.length + pairs);
  all.set(ids);
  for (let i = 0; i < pairs; i++) all[ids.length + i] = vocabSize + bucketOf(ids[i], ids[i + 1], buckets);
  return all;
}
