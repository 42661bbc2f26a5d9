import type { Batch, Dataset, LabelledTexts } from "@dl/data";
import { textDataset, type Tokenizer } from "@dl/sequence";
import { Generator } from "@dl/tensor";
import { evaluateClassifier, type EvaluateOptions, type Evaluation } from "../evaluate.js";
import type { Predictions } from "../classifier-report.js";
import type { Samples, Tokenizers } from "../samples.js";
import type { TensorModule } from "@dl/nn";

/** Texts to train on and texts to judge by. */
export interface SplitTexts {
  readonly train: LabelledTexts;
  readonly test: LabelledTexts;
}

/** The texts at the places where `isTest` says so, and the others. */
export function splitBy({ texts, labels }: LabelledTexts, isTest: (index: number) => boolean): SplitTexts {
  const part = (wanted: boolean): LabelledTexts => {
    const indices = texts.flatMap((_, i) => (isTest(i) === wanted ? [i] : []));
    return { texts: indices.map((i) => texts[i]), labels: Int32Array.from(indices, (i) => labels[i]) };
  };
  return { train: part(false), test: part(true) };
}

/** A random tenth of each class to judge by. */
export function holdOutTenth(all: LabelledTexts, seed: number): SplitTexts {
  const order = new Generator(seed).permutation(all.texts.length);
  const seen = new Map<number, number>();
  const held = new Set<number>();
  for (const index of order) {
    const place = seen.get(all.labels[index]) ?? 0;
    seen.set(all.labels[index], place + 1);
    if (place % 10 === 0) held.add(index);
  }
  return splitBy(all, (index) => held.has(index));
}

/** The tokenizer that a recipe calls `text`, or a new one that reads the training texts. */
export const tokenizerFor = (tokenizers: Tokenizers | undefined, train: LabelledTexts, learn: (texts: readonly string[]) => Tokenizer): Tokenizer => tokenizers?.text ?? learn(train.texts);

/** Both parts as ids. */
export function encoded({ train, test }: SplitTexts, tokenizer: Tokenizer, options: { readonly maxLength: number; readonly padTo?: number }): Samples<Batch> {
  const part = ({ texts, labels }: LabelledTexts): Dataset<Batch> => textDataset(texts, labels, tokenizer, options);
  return { train: part(train), test: part(test), tokenizers: { text: tokenizer } };
}

/** How many mistakes are shown. */
const SHOWN = 5;

/** The mistakes that the model is most certain of, a line each. */
async function mistakes(test: Dataset<Batch>, { probabilities, targets }: Predictions, tokenizer: Tokenizer, labels: readonly string[]): Promise<string[]> {
  const wrong = Array.from(targets, (target, index) => {
    const own = probabilities.subarray(index * labels.length, (index + 1) * labels.length);
    const predicted = own.indexOf(Math.max(...own));
    return { index, target, predicted, confidence: own[predicted] };
  }).filter(({ target, predicted }) => target !== predicted);
  wrong.sort((a, b) => b.confidence - a.confidence);
  return Promise.all(wrong.slice(0, SHOWN).map(async ({ index, target, predicted, confidence }) => {
    const text = tokenizer.decode(await (await test.batch([index])).x.data());
    return `said ${labels[predicted]} (${Math.round(100 * confidence)} %), is ${labels[target]}: ${text}`;
  }));
}

/** How recipes with `numClasses` classes of texts are judged: as `evaluateClassifier`, with texts that the model takes for something else. */
export const judgeTexts =
  (numClasses: number) =>
  async (model: TensorModule, test: Dataset<Batch>, options: EvaluateOptions = {}): Promise<Evaluation> => {
    const { tokenizers = {}, ...rest } = options;
    const evaluation = await evaluateClassifier(model, test, numClasses, rest);
    const { labels = Array.from({ length: numClasses }, (_, k) => String(k)) } = rest;
    if (evaluation.predictions === undefined || tokenizers.text === undefined) return evaluation;
    return { ...evaluation, texts: await mistakes(test, evaluation.predictions, tokenizers.text, labels) };
  };
