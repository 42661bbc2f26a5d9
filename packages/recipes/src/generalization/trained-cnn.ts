import type { TensorDataset } from "@dl/data";
import { AdamW, loadModel, saveModel } from "@dl/nn";
import type { Sequential, TensorModule } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { cosineDecay } from "../cosine-decay.js";
import { smallCnn } from "./small-cnn.js";
import type { SmallCnnOptions } from "./small-cnn.js";
import { trainFor } from "./training.js";

export interface CompressionSettings {
  readonly network: SmallCnnOptions;
  /** Training digits of each class. */
  readonly perClass: number;
  readonly steps: number;
  /** Steps of fine-tuning after a compression, at half the learning rate. */
  readonly tuningSteps: number;
  readonly batchSize: number;
  readonly lr: number;
}

/** A trained network, of which there can be many copies. */
export interface TrainedCnn {
  /** A model of its own with the trained weights. */
  copy(): Sequential;
  /** Trains a compressed model on. */
  tune(model: TensorModule): Promise<void>;
}

/** Trains the network that is to be compressed. */
export async function trainedCnn(settings: CompressionSettings, digits: TensorDataset, seed: number): Promise<TrainedCnn> {
  const { network, batchSize, lr } = settings;
  const learn = async (model: TensorModule, steps: number, rate: number): Promise<void> => {
    const optimizer = new AdamW(model.parameters(), { lr: rate });
    await trainFor(model, optimizer, digits, { steps, batchSize, seed, callbacks: [cosineDecay(optimizer, rate, steps)] });
  };
  const trained = smallCnn(network, new Generator(seed));
  await learn(trained, settings.steps, lr);
  const file = await saveModel(trained);
  return {
    copy: () => {
      const model = smallCnn(network, new Generator(seed));
      loadModel(model, file);
      return model.eval();
    },
    tune: (model) => learn(model, settings.tuningSteps, lr / 2),
  };
}
