import { proxy, wrap, type Remote } from "comlink";
import type { Update } from "../worker/protocol.js";
import type { TrainingWorker } from "../worker/training.worker.js";

export type Trainer = Remote<TrainingWorker>;

/** The worker is refused here: by the browser, or by the page's content security policy. */
export class NoWorkerError extends Error {
  override readonly name = "NoWorkerError";
}

/**
 * Starts the worker that trains.
 * @param onUpdate hears of everything that happens there
 * @throws NoWorkerError where workers are not allowed
 */
export async function startTrainer(onUpdate: (update: Update) => void): Promise<Trainer> {
  if (typeof Worker === "undefined") throw new NoWorkerError("there are no workers");
  const worker = createWorker();
  const refused = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => { reject(new NoWorkerError(event.message)); }, { once: true });
  });
  const trainer = wrap<TrainingWorker>(worker);
  await Promise.race([trainer.listen(proxy(onUpdate)), refused]);
  return trainer;
}

function createWorker(): Worker {
  try {
    return new Worker(new URL("../worker/training.worker.ts", import.meta.url), { type: "module", name: "dl-training" });
  } catch (error) {
    throw new NoWorkerError(error instanceof Error ? error.message : String(error));
  }
}
