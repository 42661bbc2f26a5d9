import type { Batch, Dataset } from "@dl/data";
import { Conv2d, evaluating, type TensorModule } from "@dl/nn";
import { noGrad } from "@dl/autograd";
import type { Tensor } from "@dl/tensor";
import { drawBoxes, fromImage, gradCAM, makeGrid, overlayHeatmap, toRgb, upscale, type Colour } from "@dl/vision";
import type { Pictures } from "../define-recipe.js";

/** Samples that are looked at, and how many of each predicted class are shown. */
const [looked, shown] = [500, 8];
const [right, wrong]: readonly Colour[] = [[0.1, 0.65, 0.3], [0.85, 0.15, 0.15]];
/** Height of a picture that can be looked at. */
const comfortable = 56;

const enlarged = (image: Tensor): Tensor => upscale(image, Math.max(1, Math.round(comfortable / image.shape[1])));

/** A picture with a frame around it. */
function framed(image: Tensor, colour: Colour): Tensor {
  const [, height, width] = image.shape;
  return drawBoxes(toRgb(image), [[0, 0, width - 1, height - 1]], { colours: [colour], width: 2 });
}

interface Sample {
  readonly image: Tensor;
  readonly predicted: number;
  readonly isRight: boolean;
}

/** Column k holds what was taken for class k: from left to right a row of the grid has all classes once. */
function inColumns(samples: readonly Sample[], classes: number): (Sample | undefined)[] {
  const columns = Array.from({ length: classes }, (_, k) => samples.filter(({ predicted }) => predicted === k));
  const rows = Math.min(shown, Math.max(1, ...columns.map(({ length }) => length)));
  return Array.from({ length: rows * classes }, (_, i) => columns[i % classes].at(Math.floor(i / classes)));
}

/** The path of the last convolution: what stands in its maps is still in its place. */
const lastConvolution = (model: TensorModule): string | undefined => model.namedModules().findLast(([, module]) => module instanceof Conv2d)?.[0];

/**
 * Test samples by what the model takes them for, a column for each class in the order of the classes, with a green frame where that is right and a red one
 * where it is wrong ("samples"); and where a convolutional network looks, for the first right one of each class ("heat", Grad-CAM of that class).
 */
export async function drawSamples(model: TensorModule, test: Dataset<Batch>): Promise<Pictures> {
  const count = Math.min(looked, test.length);
  const { x, y } = await test.batch(Array.from({ length: count }, (_, i) => i));
  // What is no picture, such as flowers in centimetres, is not drawn.
  if (x.ndim !== 4) return {};
  const logits = evaluating(model, () => noGrad(() => model.forward(x)));
  const [predicted, target] = await Promise.all([logits.argmax(1).data(), y.data()]);
  const samples = Array.from(predicted, (label, i) => ({ index: i, image: x.select(0, i), predicted: label, isRight: label === target[i] }));
  const mistakesFirst = [...samples.filter(({ isRight }) => !isRight).slice(0, 2 * logits.shape[1]), ...samples.filter(({ isRight }) => isRight)];
  const places = inColumns(mistakesFirst, logits.shape[1]);
  const blank = enlarged(toRgb(x.select(0, 0).mul(0).add(1)));
  const tiles = places.map((sample) => (sample === undefined ? blank : framed(enlarged(sample.image), sample.isRight ? right : wrong)));
  const path = lastConvolution(model);
  const firsts = Array.from({ length: logits.shape[1] }, (_, k) => samples.find((sample) => sample.isRight && sample.predicted === k)).filter((sample) => sample !== undefined);
  return {
    samples: fromImage(makeGrid(tiles, { columns: logits.shape[1], value: 1 })),
    ...(path !== undefined && firsts.length > 0 && { heat: fromImage(heatRows(model, path, firsts)) }),
  };
}

/** The pictures, and below them where the model looks. */
function heatRows(model: TensorModule, path: string, samples: readonly (Sample & { readonly index: number })[]): Tensor {
  const heated = samples.map(({ image, predicted }) => overlayHeatmap(enlarged(image), enlarged(gradCAM(model, path, image.unsqueeze(0), { classIndex: predicted })).squeeze(0)));
  return makeGrid([...samples.map(({ image }) => enlarged(toRgb(image))), ...heated], { columns: samples.length, value: 1 });
}
