import type { Batch, Dataset } from "@dl/data";
import type { TensorModule } from "@dl/nn";
import type { Pictures } from "../define-recipe.js";

/** See `drawSamples`, which is loaded when pictures are asked for: a page that trains does not wait for it. */
export async function classifierPictures(model: TensorModule, test: Dataset<Batch>): Promise<Pictures> {
  const { drawSamples } = await import("./draw-samples.js");
  return drawSamples(model, test);
}
