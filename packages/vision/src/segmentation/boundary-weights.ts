import { checkNumber, checkOptions, checkPositive } from "@dl/registry";
import { tensor, type Tensor } from "@dl/tensor";
import { hostMaps, type HostMap } from "./maps.js";
import { distancesToTwo } from "./nearest-objects.js";

export interface BoundaryWeightOptions {
  /** How much is added where two objects touch. Default 10. */
  readonly w0?: number;
  /** How many pixels from there the weights fall. Default 5. */
  readonly sigma?: number;
  /** Let foreground and background weigh the same in sum: w_c is 1/(2·share of the pixel's class). Otherwise it is 1. Default true. */
  readonly classBalance?: boolean;
}

/** Beyond so many sigmas float32 does not show what is added: e⁻³² of w0. */
const FAR = 8;

/** The weight of a class by whether it is foreground; 1 where the map has one class only. */
function classWeights({ labels }: HostMap): (isForeground: boolean) => number {
  let foreground = 0;
  for (const label of labels) foreground += Number(label !== 0);
  const background = labels.length - foreground;
  if (foreground === 0 || background === 0) return () => 1;
  return (isForeground) => labels.length / (2 * (isForeground ? foreground : background));
}

/**
 * How much each pixel counts in a loss, so that a net learns the narrow gaps between objects: w = w_c + w0·exp(−(d1 + d2)²/(2σ²)), where d1 and
 * d2 are the distances to the nearest and the second nearest object. Objects are parts of the foreground (what is not 0) that hang together;
 * with less than two of them nothing is added.
 * Shapes: mask [H, W] or [N, H, W] of any dtype → the same, float32: `weights` of `pixelCrossEntropy`. (Ronneberger et al., 2015)
 * @throws ShapeError for another number of dims; ValueError for a sigma that is not above 0; BackendError where the backend cannot be read at once
 */
export function boundaryWeights(mask: Tensor, options: BoundaryWeightOptions = {}): Tensor {
  const where = "boundaryWeights";
  checkOptions(where, options, ["w0", "sigma", "classBalance"]);
  const { w0 = 10, sigma = 5, classBalance = true } = options;
  checkNumber(where, "w0", w0, 0);
  checkPositive(where, "sigma", sigma);
  const weights = new Float32Array(mask.size);
  hostMaps(where, mask).forEach((map, n) => {
    const ofClass = classBalance ? classWeights(map) : () => 1;
    const distances = distancesToTwo(map, Math.ceil(FAR * sigma));
    map.labels.forEach((label, i) => {
      weights[n * map.labels.length + i] = ofClass(label !== 0) + w0 * Math.exp(-(distances[i] ** 2) / (2 * sigma ** 2));
    });
  });
  return tensor(weights, { shape: mask.shape, backend: mask.backend });
}
