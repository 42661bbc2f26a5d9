import { blobs, datasets } from "@dl/data";
import { irisPetals, isLinearlySeparable } from "@dl/recipes";
import type { Tensor } from "@dl/tensor";
import { download } from "../../shell/download.js";

type Domain = readonly [from: number, to: number];

/** Points of two classes in the plane. */
export interface Points {
  readonly kind: "iris" | "generated";
  /** [N, 2] */
  readonly x: Tensor;
  /** [N] float32, 0 or 1 */
  readonly y: Tensor;
  readonly classNames: readonly string[];
  /** The part of the plane that a picture shows. */
  readonly domains: { readonly x: Domain; readonly y: Domain };
  readonly isSeparable: boolean;
}

/** @throws DLError where the page cannot get Iris */
export async function irisPoints(signal?: AbortSignal): Promise<Points> {
  const iris = await download(datasets.iris, signal);
  const flowers = await irisPetals(iris, [0, 1]);
  return { kind: "iris", ...flowers, classNames: iris.classNames.slice(0, 2), domains: { x: [0, 7], y: [0, 3] }, isSeparable: await isLinearlySeparable(flowers.x, flowers.y) };
}

/** Two clouds, for where Iris is not: 100 points around two centres. */
export async function generatedPoints(): Promise<Points> {
  const { x, y } = blobs({ samples: 100, classes: 2, box: 3, std: 0.6, seed: 3 });
  return { kind: "generated", x, y: y.to("float32"), classNames: ["A", "B"], domains: { x: [-5, 5], y: [-5, 5] }, isSeparable: await isLinearlySeparable(x, y) };
}
