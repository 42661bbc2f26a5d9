import { grad } from "@dl/autograd";
import type { TensorModule } from "@dl/nn";
import { ShapeError, checkOptions, checkWhole } from "@dl/registry";
import { Generator, randn, showShape } from "@dl/tensor";
import type { Span } from "./receptive-field.js";

export interface MeasuredFieldOptions {
  /** Random images whose gradients are joined: a maximum looks at one pixel of its window at a time. Default 16. */
  readonly samples?: number;
  /** Of the images. Default 0. */
  readonly seed?: number;
}

/** The first and the last position that was seen along an axis. */
const spanOf = (seen: readonly boolean[]): Span | undefined => (seen.includes(true) ? [seen.indexOf(true), seen.lastIndexOf(true)] : undefined);

/**
 * The pixels that a unit really depends on, as `seenBy` gives them: where the gradient of the unit, over all channels, is not 0. For models of any shape, with
 * branches, too; the model's maps have to keep rows and columns.
 * Shapes: `imageShape` [C, H, W]; the model maps [N, C, H, W] to [N, C′, H′, W′].
 * @param place of the unit, [row, column] of the model's output
 * @throws ShapeError when the output is no map or has no such place
 */
export function measuredField(model: TensorModule, imageShape: readonly [number, number, number], place: readonly [number, number], options: MeasuredFieldOptions = {}): (Span | undefined)[] {
  const where = "measuredField";
  checkOptions(where, options, ["samples", "seed"]);
  const { samples = 16, seed = 0 } = options;
  checkWhole(where, "samples", samples, 1);
  const x = randn([samples, ...imageShape], { generator: new Generator(seed), requiresGrad: true });
  const output = model.forward(x);
  const [row, column] = place;
  if (output.ndim !== 4 || !(row < output.shape[2] && column < output.shape[3])) {
    throw new ShapeError(where, `the output has shape ${showShape(output.shape)}, the place is [${row}, ${column}]`, "Give a model that ends with maps, and a place on them", { shape: output.shape, place });
  }
  const [gradient] = grad(output.select(3, column).select(2, row).sum(), [x]);
  const [, height, width] = imageShape;
  const rows = Array.from({ length: height }, () => false);
  const columns = Array.from({ length: width }, () => false);
  gradient.dataSync().forEach((slope: number, i: number) => {
    if (slope === 0) return;
    rows[Math.floor(i / width) % height] = true;
    columns[i % width] = true;
  });
  return [spanOf(rows), spanOf(columns)];
}
