import { Conv2d, Linear, summary } from "@dl/nn";
import type { TensorModule } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { count, textTable } from "./text-table.js";

interface Costs {
  readonly key: string;
  readonly title: string;
  readonly parameters: number;
  readonly flops: number;
}

const costsOf = (key: string, title: string, layer: TensorModule, inputShape: readonly number[]): Costs => {
  const { parameters, flops } = summary(layer, inputShape);
  return { key, title, parameters, flops };
};

/** What layers cost that could stand for each other: parameters, and operations for one picture. */
export function layerCosts(): { readonly text: readonly string[]; readonly numbers: Readonly<Record<string, number>> } {
  const generator = new Generator(0);
  const rows = [
    costsOf("fullConnection", "affine, 28·28 → 6·28·28", new Linear(784, 4704, { generator }), [1, 784]),
    costsOf("sharedKernels", "convolution 5×5, 1 → 6 maps", new Conv2d(1, 6, 5, { padding: "same", generator }), [1, 1, 28, 28]),
    costsOf("kernel5", "convolution 5×5, 64 → 64 maps", new Conv2d(64, 64, 5, { padding: "same", generator }), [1, 64, 14, 14]),
    costsOf("kernel3", "convolution 3×3, 64 → 64 maps", new Conv2d(64, 64, 3, { padding: "same", generator }), [1, 64, 14, 14]),
    costsOf("fewerMaps", "convolution 3×3, 32 → 32 maps", new Conv2d(32, 32, 3, { padding: "same", generator }), [1, 32, 14, 14]),
  ];
  return {
    text: textTable(["layer", "parameters", "FLOPs"], rows.map(({ title, parameters, flops }) => [title, count(parameters), count(flops)])),
    numbers: Object.fromEntries(rows.map(({ key, parameters }) => [`${key}Parameters`, parameters])),
  };
}
