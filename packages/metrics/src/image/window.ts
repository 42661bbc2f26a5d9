/** Weights of a Gaussian window, which add up to 1. */
export function gaussianWindow(size: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export const uniformWindow = (size: number): Float64Array => new Float64Array(size).fill(1 / size);

/** A plane of pixels, row by row. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly pixels: Float64Array;
}

/** The weighted means below every window that lies inside of the plane: by rows first, then by columns. */
export function windowMeans({ height, width, pixels }: Plane, window: Float64Array): Float64Array {
  const across = width - window.length + 1;
  const down = height - window.length + 1;
  const byRow = new Float64Array(height * across);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < across; column++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k] * pixels[row * width + column + k];
      byRow[row * across + column] = sum;
    }
  }
  return Float64Array.from({ length: down * across }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < window.length; k++) sum += window[k] * byRow[i + k * across];
    return sum;
  });
}
