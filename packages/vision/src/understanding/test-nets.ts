// Networks whose weights are written by hand, for the tests of this folder.
import { Conv2d, Flatten, Linear, Module, ReLU, Sequential, type TensorModule } from "@dl/nn";
import { tensor, type Tensor } from "@dl/tensor";

/** Scores by linear weights of the pixels. Shapes: weights [K, C·H·W]. */
export function linearNet(weights: readonly (readonly number[])[]): Sequential {
  const layer = new Linear(weights[0].length, weights.length, { bias: false });
  layer.weight.assign(tensor(weights.map((row) => [...row])));
  return new Sequential(new Flatten(), layer);
}

class SpaceMean extends Module {
  forward(x: Tensor): Tensor { return x.mean([2, 3]); }
}

/** Two filters that answer to vertical and to horizontal bars; class 0 counts the first, class 1 the second. */
export function barNet(): Sequential {
  const bars = new Conv2d(1, 2, 3, { padding: 1 });
  bars.weight.assign(tensor([[[[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]], [[[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]]]));
  // The end of a bar across is not enough.
  bars.bias?.assign(tensor([-3, -3]));
  const apart = new Linear(2, 2, { bias: false });
  apart.weight.assign(tensor([[1, -0.5], [-0.5, 1]]));
  return new Sequential(bars, new ReLU(), new SpaceMean(), apart);
}

export type Quadrant = readonly [lower: boolean, right: boolean];

/** A vertical bar in one quadrant of 16 × 16 pixels, and a horizontal one in the opposite. Shape: [1, 16, 16]. */
export function twoBars([lower, right]: Quadrant): Tensor {
  const picture = Array.from({ length: 16 }, () => new Array<number>(16).fill(0));
  const [top, left] = [lower ? 8 : 0, right ? 8 : 0];
  for (let i = 1; i < 7; i++) {
    picture[top + i][left + 4] = 1;
    picture[8 - top + 4][8 - left + i] = 1;
  }
  return tensor([picture]);
}

/** Share of the heat in a quadrant. Shapes: heat [H, W]. */
export function shareIn(heat: Tensor, [lower, right]: Quadrant): number {
  const [height, width] = heat.shape.map((size) => size / 2);
  const part = heat.slice(0, lower ? height : 0, lower ? 2 * height : height).slice(1, right ? width : 0, right ? 2 * width : width);
  return part.sum().item() / heat.sum().item();
}

/** A model that fails on its way. */
export class Broken extends Module {
  first: TensorModule = new Sequential(new Conv2d(1, 2, 3), new ReLU());
  forward(x: Tensor): Tensor {
    this.first.forward(x);
    throw new RangeError("broken on purpose");
  }
}
