// A small training in which everything has a state: what the crash test runs, kills and resumes.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataLoader, TensorDataset } from "@dl/data";
import { Adam, CSVLogger, CosineAnnealingLR, Dropout, EMA, EarlyStopping, Linear, ModelCheckpoint, ReLU, Sequential, Trainer, crossEntropy, saveModel } from "@dl/nn";
import { Generator, manualSeed } from "@dl/tensor";

const samples = 160;
const epochs = 4;

/** Points around two centres. */
function clusters(): TensorDataset {
  const generator = new Generator(11);
  const x = new Float32Array(samples * 2);
  generator.fillNormal(x);
  const y = Int32Array.from({ length: samples }, (_, i) => i % 2);
  for (let i = 0; i < samples; i++) x[2 * i] += 2 * y[i];
  return new TensorDataset({ x: { dtype: "float32", shape: [samples, 2], data: x }, y: { dtype: "int32", shape: [samples], data: y } });
}

export const finalFile = "final.safetensors";

/**
 * Trains in `dir`, from its checkpoint if there is one, and writes the final weights to `final.safetensors`.
 * @param announce hears "forward" within every step and "step n" after it
 */
export async function train(dir: string, announce: (line: string) => void): Promise<void> {
  manualSeed(5);
  const data = clusters();
  const model = new Sequential(new Linear(2, 256), new ReLU(), new Dropout(0.2), new Linear(256, 64), new Dropout(0.3, { generator: new Generator(9) }), new Linear(64, 2));
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const trainer = new Trainer({
    model,
    optimizer,
    loss: (output, target) => {
      if (model.training) announce("forward");
      return crossEntropy(output, target);
    },
    accumulate: 2,
    schedule: { scheduler: new CosineAnnealingLR(optimizer, 40), per: "step" },
    ema: new EMA(model, { decay: 0.9 }),
    callbacks: [new EarlyStopping({ patience: 9, restoreBestWeights: true }), new CSVLogger(join(dir, "log.csv")), new ModelCheckpoint({ dir: join(dir, "best"), saveTopK: 2 })],
  });
  const checkpoint = join(dir, "checkpoint");
  const validation = new DataLoader(data, { batchSize: samples });
  const run = trainer.fit(new DataLoader(data, { batchSize: 8, shuffle: true, seed: 3 }), { epochs, validation, checkpoint: { dir: checkpoint, every: 3 }, ...(existsSync(checkpoint) && { resume: checkpoint }) });
  for await (const event of run) if (event.type === "step") announce(`step ${event.step}`);
  writeFileSync(join(dir, finalFile), await saveModel(model));
}
