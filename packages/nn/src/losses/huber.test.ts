import { grad } from "@dl/autograd";
import { linspace, tensor, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { huberLoss, smoothL1Loss } from "./index.js";

type Loss = (input: Tensor, target: Tensor) => Tensor;

/** Loss and slope at one distance from the target. */
function at(loss: Loss, distance: number): { readonly value: number; readonly slope: number } {
  const x = tensor([distance], { dtype: "float64", requiresGrad: true });
  const y = loss(x, zeros([1], { dtype: "float64" }));
  return { value: y.item(), slope: grad(y, [x])[0].item() };
}

describe.each([0.5, 1, 2.5])("OPT-05 with a bend at %d", (bend) => {
  const huber: Loss = (x, t) => huberLoss(x, t, { delta: bend });
  const smooth: Loss = (x, t) => smoothL1Loss(x, t, { beta: bend });

  test.each([[huber, "huberLoss", bend], [smooth, "smoothL1Loss", 1]] as const)("%#: value and slope are continuous there, and the slope is bounded", (loss, _, bound) => {
    const step = 1e-9;
    for (const side of [-1, 1]) {
      const [inside, on, outside] = [bend - step, bend, bend + step].map((distance) => at(loss, side * distance));
      expect(Math.abs(inside.value - outside.value)).toBeLessThan(3 * step * bound);
      expect(Math.abs(inside.slope - outside.slope)).toBeLessThan(3 * step * Math.max(1, 1 / bend));
      expect(on.slope).toBeCloseTo(side * bound, 12);
    }
    const x = linspace(-6, 6, 241, { dtype: "float64", requiresGrad: true });
    const [slopes] = grad(loss(x, zeros([241], { dtype: "float64" })).mul(241), [x]);
    const steepest = Math.max(...slopes.dataSync().map(Math.abs));
    expect(steepest).toBeLessThanOrEqual(bound + 1e-12);
    expect(steepest).toBeCloseTo(bound, 12);
  });
});
