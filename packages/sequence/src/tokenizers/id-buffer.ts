/** Ids of which nobody knows beforehand how many there will be. */
export class IdBuffer {
  #ids = new Int32Array(64);
  #length = 0;

  push(id: number): void {
    if (this.#length === this.#ids.length) this.#grow(this.#length + 1);
    this.#ids[this.#length++] = id;
  }

  pushAll(ids: Int32Array): void {
    const { length } = ids;
    if (this.#length + length > this.#ids.length) this.#grow(this.#length + length);
    for (let i = 0; i < length; i++) this.#ids[this.#length + i] = ids[i];
    this.#length += length;
  }

  /** A copy of what is in it. */
  ids(): Int32Array {
    return this.#ids.slice(0, this.#length);
  }

  #grow(least: number): void {
    const larger = new Int32Array(Math.max(least, this.#ids.length * 2));
    larger.set(this.#ids);
    this.#ids = larger;
  }
}
