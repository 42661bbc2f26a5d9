import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { begin, choice, type GeneratorOptions } from "./common.js";
import { fillers, topicWords } from "./topic-messages-words.js";

export interface TopicMessagesOptions extends GeneratorOptions {
  /** Words of a message. Default 40. */
  readonly words?: number;
  /** Probability that a word is one of its topic, rather than one that says nothing. Default 0.4. */
  readonly topical?: number;
}

export interface TopicMessages {
  /** By path, `<split>/<group>/<message>`, the split "train" or "test": what `decodeNewsgroups` reads. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The 20 groups, in the order of their names: a message's class is its group's position. */
  readonly groups: readonly string[];
}

const groups = /* @__PURE__ */ Object.keys(topicWords);

/** One message in TEST_EVERY is for testing. */
const TEST_EVERY = 5;

function message(random: Generator, group: string, words: number, topical: number): string {
  const own = topicWords[group];
  const text = Array.from({ length: words }, () => choice(random, random.uniform() < topical ? own : fillers));
  return `${text.join(" ")}\n`;
}

/**
 * Messages on 20 topics in the folders of 20 Newsgroups, a file per message: words of the topic among words that say nothing. Groups take turns, and one
 * message in five of each is for testing. 2000 samples by default.
 *
 *     const { files, groups } = topicMessages({ seed: 1 });
 *     const train = decodeNewsgroups(files, "train", groups);
 *
 * @throws ValueError for a count that is not whole, or a probability outside of 0 … 1
 */
export function topicMessages(options: TopicMessagesOptions = {}): TopicMessages {
  const { samples = 2000, words = 40, topical = 0.4 } = options;
  const random = begin("topicMessages", options, ["words", "topical"], samples);
  checkWhole("topicMessages", "words", words, 1);
  checkNumber("topicMessages", "topical", topical, 0, 1);
  const encoder = new TextEncoder();
  const files = new Map(Array.from({ length: samples }, (_, i) => {
    const [group, turn] = [groups[i % groups.length], Math.floor(i / groups.length)];
    const split = turn % TEST_EVERY === TEST_EVERY - 1 ? "test" : "train";
    return [`${split}/${group}/${10_000 + i}`, encoder.encode(message(random, group, words, topical))] as const;
  }));
  return { files, groups };
}
