import type { Batch, Dataset } from "@dl/data";
import type { TensorModule } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { drawMasks, fromImage, makeGrid, predictMask, toRgb, upscale } from "@dl/vision";
import type { Pictures } from "../define-recipe.js";
import type { PredictMask } from "../segmentation/segmenter.js";

/** Pixels, below which pictures are enlarged. */
const comfortable = 128;

/** The plane in the middle of a volume; an image as it is. Of masks, there are no channels before. */
const middle = (picture: Tensor, rank: number): Tensor => (picture.ndim > rank ? picture.select(picture.ndim - 3, picture.shape[picture.ndim - 3] >> 1) : picture);

/** A row: the picture, the true mask over it, the model's mask over it. */
function row(image: Tensor, truth: Tensor, predicted: Tensor): Tensor[] {
  const plane = middle(image, 3);
  const factor = Math.max(1, Math.round(comfortable / plane.shape[1]));
  return [toRgb(plane), drawMasks(plane, middle(truth, 2)), drawMasks(plane, middle(predicted, 2))].map((picture) => upscale(picture, factor));
}

/** Test samples ("masks"): the picture, the true mask over it, the model's mask over it; of volumes the plane in the middle. */
export async function maskPictures(model: TensorModule, test: Dataset<Batch>, { count = 4, predict = predictMask }: { readonly count?: number; readonly predict?: PredictMask } = {}): Promise<Pictures> {
  const rows: Tensor[] = [];
  for (let i = 0; i < Math.min(count, test.length); i++) {
    const { x, y } = await test.batch([i]);
    rows.push(...row(x.squeeze(0), y.squeeze(0), (await predict(model, x)).squeeze(0)));
  }
  return rows.length === 0 ? {} : { masks: fromImage(makeGrid(rows, { columns: 3, padding: 4, value: 1 })) };
}
