import { philox4x32 } from "./philox.js";
import type { StreamId } from "./word-stream.js";

/** What a derived stream is named after; the kinds never collide with each other. */
const kinds = { number: 0, string: 1, position: 2 } as const;

// Derivation runs under a key of its own (the parent's, masked), so a child's identity is never a block that the parent draws.
const mask0 = 0x243f6a88;
const mask1 = 0x85a308d3;

function labelWords(label: number | string): number[] {
  if (typeof label === "number") return [label >>> 0, Math.floor(label / 2 ** 32) >>> 0];
  return Array.from({ length: label.length }, (_, i) => label.charCodeAt(i));
}

/** Chains Philox over the parent's stream words and the label, length first, as a CBC-MAC does over a block cipher. */
function derive(parent: StreamId, kind: number, words: readonly number[]): StreamId {
  const k0 = parent.key[0] ^ mask0;
  const k1 = parent.key[1] ^ mask1;
  const state = new Uint32Array(4);
  philox4x32(state, 0, parent.stream[0], parent.stream[1], kind, words.length, k0, k1);
  for (let i = 0; i < words.length; i += 2) {
    const second = i + 1 < words.length ? words[i + 1] : 0;
    philox4x32(state, 0, state[0] ^ words[i], state[1] ^ second, state[2], state[3], k0, k1);
  }
  return { key: [state[0], state[1]], stream: [state[2], state[3]] };
}

/** The stream that the parent calls `label`; it does not depend on what the parent has drawn. */
export const deriveByLabel = (parent: StreamId, label: number | string): StreamId =>
  derive(parent, kinds[typeof label === "number" ? "number" : "string"], labelWords(label));

/** The stream that belongs to the parent's word number `position`. */
export const deriveByPosition = (parent: StreamId, position: number): StreamId =>
  derive(parent, kinds.position, labelWords(position));
