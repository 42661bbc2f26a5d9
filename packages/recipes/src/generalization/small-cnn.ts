import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@dl/nn";
import type { TensorModule } from "@dl/nn";
import { splitGenerator } from "@dl/tensor";
import type { Generator } from "@dl/tensor";

export interface SmallCnnOptions {
  /** Of the square pictures. Default 28. */
  readonly side?: number;
  /** Maps of each block; every block halves the picture. */
  readonly channels: readonly number[];
  /** Units of an affine layer before the last one. Default 0: none. */
  readonly hidden?: number;
  /** Batch normalisation after each convolution. Default false. */
  readonly norm?: boolean;
  /** Part of the features that is left out of a step, before each affine layer. Default 0. */
  readonly dropout?: number;
  /** Default 10. */
  readonly classes?: number;
}

const block = (from: number, to: number, { norm = false }: SmallCnnOptions, generator: Generator): Sequential =>
  new Sequential(new Conv2d(from, to, 3, { padding: "same", generator }), ...(norm ? [new BatchNorm2d(to)] : []), new ReLU(), new MaxPool2d(2));

function head(features: number, { hidden = 0, dropout = 0, classes = 10 }: SmallCnnOptions, generator: Generator): Sequential {
  const drop = (name: string): TensorModule[] => (dropout > 0 ? [new Dropout(dropout, { generator: splitGenerator(generator, name) })] : []);
  const inner = hidden > 0 ? [...drop("features"), new Linear(features, hidden, { generator }), new ReLU()] : [];
  return new Sequential(new Flatten(), ...inner, ...drop("units"), new Linear(hidden > 0 ? hidden : features, classes, { generator }));
}

/**
 * A network for pictures of digits: blocks of 3×3 convolution, bend and pool, and a head of affine layers. The blocks are the parts "0", "1", …
 * of the model and the head is the last one. Shapes: [N, 1, side, side] → [N, classes].
 */
export function smallCnn(options: SmallCnnOptions, generator: Generator): Sequential {
  const { channels, side = 28 } = options;
  const last = Math.floor(side / 2 ** channels.length);
  const blocks = channels.map((maps, i) => block(i === 0 ? 1 : channels[i - 1], maps, options, generator));
  return new Sequential(...blocks, head(channels[channels.length - 1] * last * last, options, generator));
}
