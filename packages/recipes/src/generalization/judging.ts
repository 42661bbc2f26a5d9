import { noGrad } from "@dl/autograd";
import { DataLoader } from "@dl/data";
import type { TensorDataset } from "@dl/data";
import { accuracy } from "@dl/metrics";
import { saveModel } from "@dl/nn";
import type { TensorModule } from "@dl/nn";

const BATCH_SIZE = 500;

/** A compressed model beside the one that it was made of. */
export interface Judgement {
  readonly accuracy: number;
  /** Part of the samples of which both say the same. */
  readonly agreement: number;
  /** Of the file that keeps its weights. */
  readonly bytes: number;
}

/** The class that a model gives each sample, in evaluation mode. */
export async function answersOf(model: TensorModule, data: TensorDataset): Promise<readonly number[]> {
  model.eval();
  const answers: number[] = [];
  for await (const { x } of new DataLoader(data, { batchSize: BATCH_SIZE })) {
    answers.push(...Array.from(await noGrad(() => model.forward(x).argmax(1)).data(), Number));
  }
  return answers;
}

/** @param original what the model that was compressed says of each sample */
export async function judged(model: TensorModule, unseen: TensorDataset, original: readonly number[]): Promise<Judgement> {
  const answers = await answersOf(model, unseen);
  const labels = Array.from(unseen.host.y.data, Number);
  return { accuracy: accuracy(answers, labels), agreement: accuracy(answers, original), bytes: (await saveModel(model)).length };
}
