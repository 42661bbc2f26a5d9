import { DataLoader, type CaptionedShapes, type Dataset } from "@dl/data";
import { bleu } from "@dl/metrics";
import { AdamW, BatchNorm2d, Conv2d, ReLU, Sequential, Trainer } from "@dl/nn";
import { captionDataset, Captioner, greedyDecode, sequenceCrossEntropy, standardSpecials, WordTokenizer, type SourceAndTarget, type Tokenizer, type TranslationBatch } from "@dl/sequence";
import type { Generator, HostArray } from "@dl/tensor";
import { fromImage, makeGrid, upscale } from "@dl/vision";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import type { EvaluateOptions, Evaluation } from "../evaluate.js";
import { textTokenizer } from "../language/language-model.js";

/** Pictures [3, 32, 32] to 8 × 8 places. */
const encoder = (width: number, generator: Generator): Sequential =>
  new Sequential(
    new Conv2d(3, width, 3, { padding: 1, stride: 2, bias: false, generator }), new BatchNorm2d(width), new ReLU(),
    new Conv2d(width, width, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(width), new ReLU(),
    new Conv2d(width, 2 * width, 3, { padding: 1, stride: 2, bias: false, generator }), new BatchNorm2d(2 * width), new ReLU(),
  );

/** Pictures that are captioned at once. */
const AT_ONCE = 100;

const written = (ids: ArrayLike<number>, tokenizer: Tokenizer): string => tokenizer.decode(Array.from(ids));

/** How many captions are right word by word (exactMatch), and BLEU, with some captions to read. */
async function judged(model: Captioner, test: Dataset<TranslationBatch>, { tokenizers = {} }: EvaluateOptions): Promise<Evaluation> {
  const tokenizer = textTokenizer(tokenizers);
  const { bos = 0, eos = 0 } = tokenizer.specials;
  const found: string[] = [];
  const wanted: string[] = [];
  for await (const { x, y } of new DataLoader(test, { batchSize: AT_ONCE })) {
    const [count, length] = y.shape;
    const [captions, ids] = await Promise.all([greedyDecode(model, x.source, { bos, eos, maxLength: 16 }), y.data()]);
    for (let n = 0; n < count; n++) {
      found.push(written(captions[n].ids, tokenizer));
      wanted.push(written(ids.slice(n * length, (n + 1) * length), tokenizer));
    }
  }
  const right = found.filter((caption, n) => caption === wanted[n]).length;
  const texts = found.slice(0, 8).map((caption, n) => (caption === wanted[n] ? caption : `${caption}   (${wanted[n]})`));
  return { metrics: { exactMatch: right / found.length, bleu: bleu(found, wanted.map((caption) => [caption])) }, texts };
}

/** The first eight test pictures, in the order of the captions that are told. */
async function pictures(test: Dataset<TranslationBatch>): Promise<Readonly<Record<string, HostArray>>> {
  const { x } = await test.batch([0, 1, 2, 3, 4, 5, 6, 7]);
  return { pictures: fromImage(makeGrid(upscale(x.source, 3), { columns: 4 })) };
}

/**
 * Chapter 8: from a picture to a sentence. The encoder makes 8 × 8 places of it, the decoder looks at them while it writes. The test pictures show pairs of
 * things that were never seen together. (Vinyals et al., 2015; Xu et al., 2015)
 */
export const captionShapes = /* @__PURE__ */ defineRecipe({
  name: "caption-shapes",
  title: "Sentences about pictures of two shapes",
  chapter: 8,
  task: "sequence",
  datasets: ["captioned-shapes"],
  options: {
    ...trainingOptions({ batchSize: 32, lr: 3e-3 }),
    epochs: { kind: "integer", default: 20, min: 1, max: 1000, description: "passes over the pictures" },
    width: { kind: "integer", default: 16, min: 1, max: 512, description: "maps of the first layers" },
    dim: { kind: "integer", default: 64, min: 4, max: 4096, description: "numbers of each place and word" },
  },
  next: [{ why: "from a sentence to another one", recipe: "translate-toy" }],
  samples: ({ train, test }: Readonly<Record<"train" | "test", CaptionedShapes>>, { tokenizers = {} }) => {
    const tokenizer = tokenizers.text ?? WordTokenizer.train(train.captions, { specials: standardSpecials });
    const part = ({ images, captions }: CaptionedShapes) => captionDataset(images, captions, tokenizer);
    return { train: part(train), test: part(test), tokenizers: { text: tokenizer } };
  },
  model: ({ width, dim }, generator, tokenizers) => new Captioner(encoder(width, generator), 2 * width, textTokenizer(tokenizers).vocabSize, { dim, layers: 1, dropout: 0, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr });
    return new Trainer<SourceAndTarget>({ model, optimizer, clipNorm: 1, callbacks: [cosineDecay(optimizer, lr, steps, 0.1)], loss: (logits, y) => sequenceCrossEntropy(logits, y) });
  },
  evaluate: (model, test, options = {}) => judged(model, test, options),
  draw: (_, test) => pictures(test),
});
