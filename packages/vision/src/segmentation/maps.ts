import { ShapeError } from "@dl/registry";
import { showShape, type Tensor, type TypedArray } from "@dl/tensor";

/** One label map on the host, row-major. */
export interface HostMap {
  readonly labels: TypedArray;
  readonly height: number;
  readonly width: number;
}

/** The maps of [H, W] or [N, H, W]. @throws ShapeError for another number of dims; BackendError where the backend cannot be read at once */
export function hostMaps(where: string, mask: Tensor): HostMap[] {
  if (mask.ndim !== 2 && mask.ndim !== 3) {
    throw new ShapeError(where, `the mask has shape ${showShape(mask.shape)}`, "Give [H, W] or [N, H, W]", { shape: mask.shape });
  }
  const [height, width] = mask.shape.slice(-2);
  const labels = mask.dataSync();
  const area = height * width;
  return Array.from({ length: mask.ndim === 2 ? 1 : mask.shape[0] }, (_, n) => ({ labels: labels.subarray(n * area, (n + 1) * area), height, width }));
}
