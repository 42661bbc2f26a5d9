import { noGrad } from "@dl/autograd";
import { DataLoader, type Batch, type Dataset } from "@dl/data";
import { crossEntropy, evaluating, Trainer, type Callback, type Module, type TrainerOptimizer } from "@dl/nn";
import { beamSearch, ignoredTarget, generateText, type LanguageModel, type Tokenizer } from "@dl/sequence";
import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { EvaluateOptions, Evaluation } from "../evaluate.js";
import type { Generation } from "../generation.js";
import type { Tokenizers } from "../samples.js";

/** A language model as recipes train it. */
export type TrainableLM = Module & LanguageModel;

/** Mean negative log-likelihood of the next tokens, in nats. Shapes: logits [N, T, V], target [N, T] → []. */
export const nextTokenLoss = (logits: Tensor, target: Tensor): Tensor => crossEntropy(logits.flatten(0, 1), target.flatten());

export function languageTrainer(model: TrainableLM, optimizer: TrainerOptimizer, callbacks: readonly Callback[] = [], clipNorm = 1): Trainer {
  return new Trainer({ model, optimizer, callbacks, loss: nextTokenLoss, clipNorm });
}

/** The tokenizer that a recipe calls `text`. */
export function textTokenizer({ text }: Tokenizers): Tokenizer {
  if (text === undefined) throw new ValueError("language model", "there is no tokenizer", "Give what samples() or the checkpoint gave: { tokenizers }");
  return text;
}

/** Tokens of a test set's batch. */
const BATCH_TOKENS = 10_000;

/** What a model writes, from the beginning of texts or from a prompt. */
export interface Showing {
  readonly prompt: string;
  readonly maxTokens: number;
  /** How many texts. */
  readonly count: number;
}

async function written(model: TrainableLM, tokenizers: Tokenizers, { prompt, maxTokens, count }: Showing): Promise<string[]> {
  const texts = [];
  for (let seed = 0; seed < count; seed++) {
    const { text } = await generateText(model, textTokenizer(tokenizers), prompt, { maxNewTokens: maxTokens, seed, temperature: 0.8, window: "slide" });
    texts.push(`${prompt}${text}`);
  }
  return texts;
}

/**
 * The mean loss over all tokens of a test set (valLoss, in nats per token), exp of it (perplexity), and texts that the model writes.
 * @throws the signal's reason when aborted
 */
export async function evaluateLanguageModel(model: TrainableLM, test: Dataset<Batch>, { tokenizers = {}, signal }: EvaluateOptions, showing: Showing): Promise<Evaluation> {
  let [loss, tokens] = [0, 0];
  const [length] = (await test.batch([0])).x.shape.slice(1);
  for await (const { x, y } of new DataLoader(test, { batchSize: Math.max(1, Math.floor(BATCH_TOKENS / length)) })) {
    signal?.throwIfAborted();
    const total = evaluating(model, () => noGrad(() => crossEntropy(model.forward(x).flatten(0, 1), y.flatten(), { reduction: "sum" })));
    const [[sum], targets] = await Promise.all([total.data(), y.data()]);
    loss += sum;
    tokens += Array.from(targets).filter((id) => id !== ignoredTarget).length;
  }
  const valLoss = loss / tokens;
  return { metrics: { valLoss, perplexity: Math.exp(valLoss) }, texts: await evaluatingAsync(model, () => written(model, tokenizers, showing)) };
}

async function evaluatingAsync<T>(model: Module, body: () => Promise<T>): Promise<T> {
  const wasTraining = model.training;
  model.eval();
  try {
    return await body();
  } finally {
    model.train(wasTraining);
  }
}

/** Goes on from a prompt, token by token; with beams all at once. Past the context the window slides. */
export async function* writeText(model: TrainableLM, prompt: string, { tokenizers, sampling, maxTokens = 200, seed = 0, signal }: Generation): AsyncGenerator<string> {
  const tokenizer = textTokenizer(tokenizers);
  const { beams, ...choosing } = sampling;
  if (beams !== undefined) {
    const { bos, eos } = tokenizer.specials;
    const ids = [...(bos === undefined ? [] : [bos]), ...tokenizer.encode(prompt)];
    const [best] = await beamSearch(model, ids, { beams, maxNewTokens: maxTokens, window: "slide", ...(eos !== undefined && { stop: eos }), ...(signal && { signal }) });
    yield tokenizer.decode(best.newIds);
    return;
  }
  yield* generateText(model, tokenizer, prompt, { ...choosing, maxNewTokens: maxTokens, seed, window: "slide", ...(signal && { signal }) });
}
