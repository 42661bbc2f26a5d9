import { DataLoader, type DataOf, type datasets } from "@dl/data";
import { chart } from "@dl/figures";
import { Adam, Trainer } from "@dl/nn";
import { SkipGram, WordTokenizer, WordVectorIndex, negativeSamplingLoss, pca, skipGramDataset, subsample, wordCounts, type Neighbour } from "@dl/sequence";
import { Generator } from "@dl/tensor";
import { cosineDecay } from "../cosine-decay.js";
import { defineDataCalculation } from "../define-calculation.js";

/** Words that occur less often than `minFrequency` learn nothing; those with a larger share of the text than `threshold` are thinned out. */
const settings = { dim: 48, minFrequency: 5, threshold: 1e-3, batchSize: 1024, epochs: 2 };

const LR = 5e-3;

/** Words to draw, by what they name. */
const groups: Readonly<Record<string, readonly string[]>> = {
  colours: ["red", "blue", "green", "yellow", "black", "white", "orange", "pink"],
  people: ["man", "woman", "boy", "girl", "men", "women", "boys", "girls"],
  actions: ["running", "walking", "jumping", "sitting", "standing", "playing", "riding", "climbing"],
  outdoors: ["beach", "ocean", "water", "river", "lake", "pool", "sand", "waves"],
};

/** Learns vectors of the words of sentences by telling neighbours from words drawn at random. */
export async function learnVectors(sentences: readonly string[], { dim, minFrequency, threshold, batchSize, epochs }: typeof settings, seed: number): Promise<WordVectorIndex> {
  const generator = new Generator(seed);
  const tokenizer = WordTokenizer.train(sentences, { lowerCase: true, minFrequency, specials: { unk: "<unk>" } });
  const texts = sentences.map((sentence) => tokenizer.encode(sentence).filter((id) => id !== tokenizer.specials.unk));
  const counts = wordCounts(texts, tokenizer.vocabSize);
  const data = skipGramDataset(subsample(texts, counts, { threshold, generator }), { window: 4, dynamic: true, negatives: 5, counts, generator });
  const loader = new DataLoader(data, { batchSize, shuffle: true, seed });
  const model = new SkipGram(tokenizer.vocabSize, dim, { generator });
  const optimizer = new Adam(model.parameters(), { lr: LR });
  await new Trainer({ model, optimizer, loss: negativeSamplingLoss, callbacks: [cosineDecay(optimizer, LR, epochs * loader.length)] }).fit(loader, { epochs });
  return new WordVectorIndex(tokenizer.vocabulary.tokens, model.input.weight.detach());
}

const listed = (words: readonly Neighbour[]): string => words.map(({ word, similarity }) => `${word} ${similarity.toFixed(2)}`).join(", ");

/** The words of each group on the plane along which all of them differ most. */
function drawGroups(index: WordVectorIndex): string {
  const drawn = Object.entries(groups).flatMap(([name, words]) => words.filter((word) => index.has(word)).map((word) => ({ name, word })));
  const places = pca(index.rows(drawn.map(({ word }) => word))).points.dataSync();
  return chart({
    title: "Words on the plane of their two main components",
    x: { label: "first component" },
    y: { label: "second component" },
    series: Object.keys(groups).map((name) => ({
      name, style: "dots",
      points: drawn.flatMap((entry, i) => (entry.name === name ? [[places[2 * i], places[2 * i + 1]] as const] : [])),
    })),
  });
}

/**
 * Chapter 10: nobody tells what words mean, and yet those that stand among the same words get vectors that point the same way. Learnt from captions of
 * photographs. (Mikolov et al., 2013)
 */
export const skipgram = /* @__PURE__ */ defineDataCalculation<DataOf<typeof datasets.multi30k>>({
  name: "skipgram",
  title: "Word vectors from captions: skip-gram with negative sampling",
  chapter: 10,
  dataset: "multi30k",
  calculate: async ({ train: { en } }, seed) => {
    const index = await learnVectors(en, settings, seed);
    const asked = ["dog", "red", "running", "guitar"].filter((word) => index.has(word));
    const [man, woman, boy] = ["man", "woman", "boy"];
    // woman − man + boy
    const canAnswer = [man, woman, boy].every((word) => index.has(word));
    return {
      text: [
        `${index.words.length} words, ${settings.dim} numbers each, from ${en.length} captions`,
        ...asked.map((word) => `${word.padEnd(8)} is near ${listed(index.nearest(word, 5))}`),
        ...(canAnswer ? [`${man} is to ${woman} as ${boy} is to ${listed(index.analogy(man, woman, boy, 3))}`] : []),
      ],
      numbers: { words: index.words.length, ...Object.fromEntries(asked.map((word) => [`${word}Nearest`, index.nearest(word, 1)[0].similarity])) },
      figures: { words: drawGroups(index) },
    };
  },
});
