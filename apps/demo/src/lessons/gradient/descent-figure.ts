import { chart } from "@dl/figures";
import { valleyHeight } from "@dl/recipes";
import type { Progress } from "./descent-paths.js";

const levels = [0.05, 0.2, 0.5, 1, 2, 4];

/** The paths over curves of equal height, the same part of the valley whatever the paths do. */
export function drawDescent(paths: readonly (Progress & { readonly name: string })[], width: number): string {
  return chart({
    title: "f(w) = 5w₀² + ½w₁²",
    width,
    x: { label: "w₀", domain: [-1.5, 1.5] },
    y: { label: "w₁", domain: [-1.5, 1.5] },
    series: paths.map(({ name, visited }) => ({ name, points: visited, style: "path" })),
    contours: { height: valleyHeight, levels },
    legend: "bottom",
  });
}
