import { backward, noGrad } from "@dl/autograd";
import { DataLoader } from "@dl/data";
import { Adam, type Module } from "@dl/nn";
import type { TextDataset } from "@dl/sequence";
import { cat, type Tensor } from "@dl/tensor";

/** A network that reads texts. */
export interface Reader extends Module {
  forward(ids: Tensor): Tensor;
}

export interface FitOptions {
  readonly epochs: number;
  readonly lr: number;
  readonly batchSize: number;
  readonly loss: (output: Tensor, target: Tensor) => Tensor;
}

/** Trains with Adam on batches of texts of similar length. */
export async function fitTexts(model: Reader, data: TextDataset, { epochs, lr, batchSize, loss }: FitOptions): Promise<void> {
  const optimizer = new Adam(model.parameters(), { lr });
  const loader = new DataLoader(data, { batchSampler: data.buckets({ batchSize, bucket: 10 }), seed: 1 });
  model.train();
  for (let epoch = 0; epoch < epochs; epoch++) {
    for await (const { x, y } of loader) {
      optimizer.zeroGrad();
      backward(loss(model.forward(x), y));
      optimizer.step();
    }
  }
  model.eval();
}

/** Outputs for all texts in their order, and the targets. */
export async function outputsFor(model: Reader, data: TextDataset): Promise<{ readonly output: Tensor; readonly target: Tensor }> {
  const outputs: Tensor[] = [];
  const targets: Tensor[] = [];
  for await (const { x, y } of new DataLoader(data, { batchSize: 200 })) {
    outputs.push(noGrad(() => model.forward(x)));
    targets.push(y);
  }
  return { output: cat(outputs), target: cat(targets) };
}
