import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { showShape, tensor, type Tensor } from "@dl/tensor";
import { hostMaps, type HostMap } from "./maps.js";

export interface ComponentOptions {
  /** How many of the eight pixels around one hang together with it: 4 (default), or 8 with those at its corners. */
  readonly neighbours?: 4 | 8;
}

export interface Components {
  /** int32 [H, W]: 0 on the background, and 1, 2, … on the components in the order of their first pixels, row by row. */
  readonly labels: Tensor;
  readonly count: number;
}

const steps = {
  4: [[-1, 0], [0, -1], [0, 1], [1, 0]],
  8: [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]],
} as const;

/** Numbers everything that hangs together with a pixel. */
function flood(from: number, label: number, { labels: mask, height, width }: HostMap, neighbours: 4 | 8, labels: Int32Array): void {
  labels[from] = label;
  const pending = [from];
  for (let pixel = pending.pop(); pixel !== undefined; pixel = pending.pop()) {
    const column = pixel % width;
    const row = (pixel - column) / width;
    for (const [down, right] of steps[neighbours]) {
      const isInside = row + down >= 0 && row + down < height && column + right >= 0 && column + right < width;
      const next = pixel + down * width + right;
      if (!isInside || mask[next] === 0 || labels[next] !== 0) continue;
      labels[next] = label;
      pending.push(next);
    }
  }
}

/** The number of each pixel's component, and how many there are. */
export function componentsOf(map: HostMap, neighbours: 4 | 8): { readonly labels: Int32Array; readonly count: number } {
  const labels = new Int32Array(map.labels.length);
  let count = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (map.labels[pixel] === 0 || labels[pixel] !== 0) continue;
    count += 1;
    flood(pixel, count, map, neighbours, labels);
  }
  return { labels, count };
}

/**
 * Numbers the objects of a mask: parts of the foreground, which is what is not 0, that hang together. Shapes: mask [H, W] of any dtype → the same, int32.
 * @throws ShapeError for another number of dims; ValueError for other neighbours; BackendError where the backend cannot be read at once
 */
export function connectedComponents(mask: Tensor, options: ComponentOptions = {}): Components {
  const where = "connectedComponents";
  checkOptions(where, options, ["neighbours"]);
  const { neighbours = 4 } = options;
  if (!Object.hasOwn(steps, neighbours)) throw new ValueError(where, `neighbours is ${neighbours}`, "Use 4 or 8", { neighbours });
  if (mask.ndim !== 2) throw new ShapeError(where, `the mask has shape ${showShape(mask.shape)}`, "Give one map at a time, [H, W]", { shape: mask.shape });
  const [map] = hostMaps(where, mask);
  const { labels, count } = componentsOf(map, neighbours);
  return { labels: tensor(labels, { shape: mask.shape, backend: mask.backend }), count };
}
