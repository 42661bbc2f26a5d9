import { crossEntropy } from "@dl/nn";
import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite, indexSelect, showShape, where, type Tensor } from "@dl/tensor";

export interface PixelCrossEntropyOptions {
  /** How much each pixel counts, in the shape of the target; see `boundaryWeights`. */
  readonly weights?: Tensor;
  /** How much each class counts, [K]. */
  readonly weight?: Tensor;
  /** Pixels with this label count for nothing, such as 255 for what nobody labelled. Default −100. */
  readonly ignoreIndex?: number;
}

const NAME = "pixelCrossEntropy";

function checkMask(logits: Tensor, target: Tensor): void {
  const wanted = logits.shape.toSpliced(1, 1);
  if (logits.ndim >= 3 && showShape(target.shape) === showShape(wanted)) return;
  const fix =
    target.ndim === logits.ndim
      ? "A mask has no dim of classes: squeeze it, or take argmax(1) of one plane for each"
      : 'Resize masks in mode "nearest", together with their images';
  const fact = `logits of shape ${showShape(logits.shape)} need a mask of shape ${showShape(wanted)}, got ${showShape(target.shape)}`;
  throw new ShapeError(NAME, fact, fix, { shapes: [logits.shape, target.shape] });
}

/** Where element `position` of a tensor stands. */
const placeOf = (position: number, { shape }: Tensor): number[] =>
  shape.map((size, d) => Math.floor(position / shape.slice(d + 1).reduce((a, b) => a * b, 1)) % size);

/** Looks at the labels on the host, where the backend can be read at once. */
function checkLabels(target: Tensor, classes: number, ignoreIndex: number): void {
  if (!target.backend.capabilities.readSync) return;
  const labels = target.dataSync();
  const isWrong = (label: number): boolean => label !== ignoreIndex && (label < 0 || label >= classes);
  const first = labels.findIndex(isWrong);
  if (first === -1) return;
  let count = 0;
  for (const label of labels) count += Number(isWrong(label));
  const fact = `label ${labels[first]} at ${showShape(placeOf(first, target))} is not in [0, ${classes}), as ${count} of ${labels.length} pixels are not`;
  const fix = `There are ${classes} classes, counted from 0; name a label that means "unknown" as ignoreIndex`;
  throw new ValueError(NAME, fact, fix, { label: labels[first], position: first, count, classes });
}

/** What each pixel counts by its label. */
function ofLabels(target: Tensor, weight: Tensor | undefined, ignoreIndex: number): Tensor {
  const valid = target.ne(ignoreIndex);
  if (weight === undefined) return valid.to("float32");
  const known = where(valid, target, 0).to("int32");
  return where(valid, indexSelect(weight, 0, known.flatten()).reshape(known.shape), 0);
}

/**
 * Softmax cross-entropy of every pixel, Σ w·w_label·(−log softmax(logits)[label]) / Σ w·w_label: PyTorch's mean, with weights of pixels beside
 * those of classes.
 * Shapes: logits [N, K, H, W], target [N, H, W] (int32 or uint8), or volumes with D before H → [].
 * @throws ShapeError for a mask or weights of another size; ValueError for labels outside of [0, K), with the first and how many there are; DTypeError
 */
export const pixelCrossEntropy = /* @__PURE__ */ defineComposite(NAME, (logits: Tensor, target: Tensor, options: PixelCrossEntropyOptions = {}): Tensor => {
  checkOptions(NAME, options, ["weights", "weight", "ignoreIndex"]);
  const { weights, weight, ignoreIndex = -100 } = options;
  checkMask(logits, target);
  checkLabels(target, logits.shape[1], ignoreIndex);
  if (weights === undefined) return crossEntropy(logits, target, { ignoreIndex, ...(weight && { weight }) });
  if (showShape(weights.shape) !== showShape(target.shape)) {
    const fact = `weights of shape ${showShape(weights.shape)} for a mask of shape ${showShape(target.shape)}`;
    throw new ShapeError(NAME, fact, "Give one for every pixel; those of classes are called weight", { shapes: [weights.shape, target.shape] });
  }
  const losses = crossEntropy(logits, target, { ignoreIndex, reduction: "none", ...(weight && { weight }) });
  return losses.mul(weights).sum().div(ofLabels(target, weight, ignoreIndex).mul(weights).sum());
});
