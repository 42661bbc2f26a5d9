import { checkWhole } from "@dl/registry";
import { Generator } from "./generator.js";
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

/**
 * A generator independent of its parent.
 * With a key, the same child for the same parent and key, whatever the parent has drawn; the parent does not change.
 * Without one, a child of the parent's present position: the parent moves on to its next block, so the next child differs.
 * @throws ValueError for a number that is not whole, or negative
 */
export function splitGenerator(parent: Generator, key?: number | string): Generator {
  const state = parent.state();
  if (typeof key === "number") checkWhole("splitGenerator", "key", key);
  if (key === undefined) parent.setState({ ...state, position: (Math.floor(state.position / 4) + 1) * 4 });
  const kind = key === undefined ? kinds.position : typeof key === "number" ? kinds.number : kinds.string;
  return Generator.fromState({ ...state, ...derive(state, kind, labelWords(key ?? state.position)), position: 0 });
}
