import { digits } from "@dl/data";
import { digitsMlp } from "@dl/recipes";
import { useBackend } from "@dl/tensor";
import type { Backend, BackendFactory } from "@dl/tensor";

/** Accuracy in percent on the test samples after so many passes of the recipe `digits-mlp`. */
export async function digitsMlpAccuracy(backend: Backend | BackendFactory, epochs: number): Promise<number> {
  await useBackend(backend);
  const { train, test } = digits();
  const { model, run } = digitsMlp.train({ train, seed: 1, options: { epochs } });
  await run;
  return 100 * (await digitsMlp.evaluate(model, test)).metrics.testAccuracy;
}
