import { UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { decodeNewsgroups, topicMessages } from "../index.js";
import { fillers, topicWords } from "./topic-messages-words.js";

describe("TXT-04 messages in the folders of 20 Newsgroups", () => {
  test("decodeNewsgroups reads them: four in five for training, groups of equal size", () => {
    const { files, groups } = topicMessages({ samples: 400 });
    expect(groups.length).toBe(20);
    expect([...groups]).toStrictEqual([...groups].sort());
    const [train, heldOut] = ["train", "test"].map((split) => decodeNewsgroups(files, split, groups));
    expect([train.texts.length, heldOut.texts.length]).toStrictEqual([320, 80]);
    groups.forEach((_, label) => { expect(train.labels.filter((own) => own === label).length).toBe(16); });
  });

  test("a message has the words asked for, of its own topic and of none", () => {
    const { files, groups } = topicMessages({ samples: 200, words: 25, topical: 0.5, seed: 4 });
    const { texts, labels } = decodeNewsgroups(files, "train", groups);
    const topical = texts.map((text, i) => {
      const own = topicWords[groups[labels[i]]];
      const words = text.trim().split(" ");
      expect(words.length).toBe(25);
      for (const word of words) expect(own.includes(word) || fillers.includes(word), word).toBe(true);
      return words.filter((word) => own.includes(word)).length / words.length;
    });
    expect(topical.reduce((a, b) => a + b) / topical.length).toBeCloseTo(0.5, 1);
  });

  test("the same seed gives the same bytes, and options are checked", () => {
    expect(topicMessages({ seed: 2, samples: 40 })).toStrictEqual(topicMessages({ seed: 2, samples: 40 }));
    expect(topicMessages({ seed: 2, samples: 40 })).not.toStrictEqual(topicMessages({ seed: 3, samples: 40 }));
    expect(topicMessages({ samples: 0 }).files.size).toBe(0);
    expect(() => topicMessages({ sead: 1 } as object)).toThrow(UnknownNameError);
    expect(() => topicMessages({ samples: 0.5 })).toThrow(ValueError);
    expect(() => topicMessages({ topical: 2 })).toThrow("topicMessages: topical is 2");
    expect(() => topicMessages({ words: 0 })).toThrow("topicMessages: words is 0");
  });
});
