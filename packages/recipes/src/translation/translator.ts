import { DataLoader, type Dataset, type SentencePair } from "@dl/data";
import { bleu } from "@dl/metrics";
import { Trainer, type Callback, type Module, type ScheduleOptions, type TrainerOptimizer } from "@dl/nn";
import { ValueError } from "@dl/registry";
import {
  RNNSeq2Seq, sequenceCrossEntropy, standardSpecials, trace, TransformerSeq2Seq, translate, translationDataset, WordTokenizer,
  type Seq2Seq, type SourceAndTarget, type Tokenizer, type TranslationBatch,
} from "@dl/sequence";
import type { Generator, Tensor } from "@dl/tensor";
import type { EvaluateOptions, Evaluation } from "../evaluate.js";
import type { Generation } from "../generation.js";
import type { Samples, Tokenizers } from "../samples.js";

/** A model that translates, as recipes train it. */
export type Translator = Module & Seq2Seq & { forward(pair: SourceAndTarget): Tensor };

/** The two that a translation needs. @throws ValueError where one is missing */
export function bothLanguages({ source, target }: Tokenizers): { readonly source: Tokenizer; readonly target: Tokenizer } {
  if (source === undefined || target === undefined) throw new ValueError("translation", "there are no tokenizers", "Give what samples() or the checkpoint gave: { tokenizers }");
  return { source, target };
}

export interface PairSplit {
  readonly train: readonly SentencePair[];
  readonly test: readonly SentencePair[];
}

/** Both parts as ids, read by words. */
export function pairSamples({ train, test }: PairSplit, given: Tokenizers | undefined, lowerCase: boolean): Samples<TranslationBatch> {
  const learn = (side: keyof SentencePair): Tokenizer => WordTokenizer.train(train.map((pair) => pair[side]), { lowerCase, specials: standardSpecials });
  const tokenizers = given === undefined ? { source: learn("source"), target: learn("target") } : bothLanguages(given);
  return { train: translationDataset(train, tokenizers), test: translationDataset(test, tokenizers), tokenizers: { ...tokenizers } };
}

const nets = {
  rnn: (source: number, target: number, dim: number, generator: Generator): Translator => new RNNSeq2Seq(source, target, { dim, hidden: dim, dropout: 0.1, generator }),
  transformer: (source: number, target: number, dim: number, generator: Generator): Translator => new TransformerSeq2Seq(source, target, { dim, heads: 4, layers: 2, dropout: 0.1, generator }),
};

/** An untrained model between two vocabularies. */
export function translatorOf(net: keyof typeof nets, dim: number, tokenizers: Tokenizers, generator: Generator): Translator {
  const { source, target } = bothLanguages(tokenizers);
  return nets[net](source.vocabSize, target.vocabSize, dim, generator);
}

interface Settings {
  readonly labelSmoothing: number;
  readonly callbacks?: readonly Callback[];
  readonly schedule?: ScheduleOptions;
}

/** A trainer of the next word, by teacher forcing. */
export const translationTrainer = (model: Translator, optimizer: TrainerOptimizer, { labelSmoothing, ...rest }: Settings): Trainer<SourceAndTarget> =>
  new Trainer({ model, optimizer, clipNorm: 1, loss: (logits, target) => sequenceCrossEntropy(logits, target, { labelSmoothing }), ...rest });

/** Sentences of a test set that are translated at once. */
const AT_ONCE = 100;
/** Sentences that are shown. */
const SHOWN = 10;

/** The text of ids up to its end. Words that no training sentence has stay visible as unknown, so that no translation equals them. */
const shown = (ids: ArrayLike<number>, tokenizer: Tokenizer): string => {
  const { pad, eos } = tokenizer.specials;
  return tokenizer.decode(Array.from(ids).filter((id) => id !== pad && id !== eos), { skipSpecials: false });
};

/** Sources and targets of a data set as text. */
async function sentencesOf(test: Dataset<TranslationBatch>, { source, target }: ReturnType<typeof bothLanguages>): Promise<SentencePair[]> {
  const pairs: SentencePair[] = [];
  for await (const { x, y } of new DataLoader(test, { batchSize: AT_ONCE })) {
    const [from, to] = await Promise.all([x.source.data(), y.data()]);
    const [width, length] = [x.source.shape[1], y.shape[1]];
    for (let n = 0; n < y.shape[0]; n++) pairs.push({ source: shown(from.slice(n * width, (n + 1) * width), source), target: shown(to.slice(n * length, (n + 1) * length), target) });
  }
  return pairs;
}

/**
 * How many test sentences are translated word by word as they should be (exactMatch), and BLEU; every translation of the same sentence that the test set has
 * counts as right.
 * @throws the signal's reason when aborted
 */
export async function evaluateTranslator(model: Translator, test: Dataset<TranslationBatch>, { tokenizers = {}, signal }: EvaluateOptions, beams = 1): Promise<Evaluation> {
  const languages = bothLanguages(tokenizers);
  const pairs = await sentencesOf(test, languages);
  const known = grouped(pairs);
  const sources = [...known.keys()];
  const written: string[] = [];
  for (let from = 0; from < sources.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    written.push(...(await translate(model, sources.slice(from, from + AT_ONCE), languages, { beams })));
  }
  const references = [...known.values()];
  const right = written.filter((text, i) => references[i].includes(text)).length;
  return {
    metrics: { exactMatch: right / sources.length, bleu: bleu(written, references) },
    texts: sources.slice(0, SHOWN).map((source, i) => `${source} → ${written[i]}${references[i].includes(written[i]) ? "" : `   (${references[i][0]})`}`),
  };
}

/** All targets of each source. */
function grouped(pairs: readonly SentencePair[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { source, target } of pairs) found.set(source, [...(found.get(source) ?? []), target]);
  return found;
}

/** A translation of the prompt, or with one beam the decoder's steps: what was read, and what came. */
export async function* writeTranslation(model: Translator, prompt: string, { tokenizers, sampling: { beams = 1 }, signal }: Generation): AsyncGenerator<string> {
  const languages = bothLanguages(tokenizers);
  const [text] = await translate(model, [prompt], languages, { beams, ...(signal && { signal }) });
  yield `\n${text}`;
  if (beams > 1) return;
  for (const { read, token, probability } of (await trace(model, prompt, languages)).steps) yield `\n  ${read.join(" ")} → ${token} (${(100 * probability).toFixed(1)} %)`;
}
