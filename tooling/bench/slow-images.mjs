// A data set whose batches cost processor time, as decoding pictures does. Plain JavaScript, which any thread can load.

/** @param {{ length: number, milliseconds: number }} options */
export default function slowImages({ length, milliseconds }) {
  return {
    length,
    /** @param {ArrayLike<number>} indices */
    batch(indices) {
      const until = performance.now() + milliseconds;
      const x = new Float32Array(indices.length * 3 * 64 * 64);
      for (let i = 0; performance.now() < until; i++) x[i % x.length] = Math.sqrt(i);
      return { x };
    },
  };
}
