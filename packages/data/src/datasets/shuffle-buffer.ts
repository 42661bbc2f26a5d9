import type { Generator } from "@dl/tensor";

/**
 * A stream in an order that is random within a window: `size` samples wait in a buffer, and each time one of them at random is given
 * and replaced by the next of the source. With a buffer as large as the stream all orders are equally likely.
 */
export async function* shuffleBuffer<T>(source: AsyncIterable<T>, size: number, generator: Generator): AsyncGenerator<T, void, undefined> {
  const buffer: T[] = [];
  for await (const sample of source) {
    if (buffer.length < size) {
      buffer.push(sample);
      continue;
    }
    const at = generator.int(size);
    const given = buffer[at];
    buffer[at] = sample;
    yield given;
  }
  for (const at of generator.permutation(buffer.length)) yield buffer[at];
}
