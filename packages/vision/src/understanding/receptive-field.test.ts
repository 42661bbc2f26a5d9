import { AvgPool2d, BatchNorm2d, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU, Sequential, Tanh, type TensorModule } from "@dl/nn";
import { ValueError } from "@dl/registry";
import { Generator, zeros, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { measuredField, receptiveField, seenBy } from "../index.js";

const sizes = (model: TensorModule): (number | undefined)[] => receptiveField(model).map(({ field: [rows] }) => rows);

test("in the middle of an image a unit sees its whole field, in a corner what is not padding", () => {
  const rows = receptiveField(new Sequential(new Conv2d(1, 1, 3, { padding: 1 }), new MaxPool2d(2), new Conv2d(1, 1, 3, { padding: 1 })));
  expect(seenBy(rows, [5, 0], [28, 28])).toStrictEqual([[7, 14], [0, 4]]);
  expect(seenBy(receptiveField(new Sequential(new Conv2d(1, 1, 1, { padding: 2 }))), [0, 2], [4, 4])).toStrictEqual([undefined, [0, 0]]);
  expect(() => seenBy(rows, [1], [28, 28])).toThrow("place [1] in an image of [28, 28]");
});

describe("CNN-12 CNN-13 the course's examples", () => {
  test("3 × 3, then 4 × 4, then a pool of 2: 3, 6 and 7 pixels, units 2 pixels apart", () => {
    const rows = receptiveField(new Sequential(new Conv2d(1, 2, 3), new Conv2d(2, 2, 4), new MaxPool2d(2)));
    expect(rows.map(({ field }) => field)).toStrictEqual([[3, 3], [6, 6], [7, 7]]);
    expect(rows.map(({ jump }) => jump)).toStrictEqual([[1, 1], [1, 1], [2, 2]]);
  });

  test("the table of Conv 3, MaxPool 2, Conv 3", () => {
    const rows = receptiveField(new Sequential(new Conv2d(1, 2, 3, { padding: 1 }), new MaxPool2d(2), new Conv2d(2, 2, 3, { padding: 1 })));
    expect(rows.map(({ path, field: [r], jump: [j], start: [s] }) => [path, r, j, s])).toStrictEqual([["0", 3, 1, 0], ["1", 4, 2, 0.5], ["2", 8, 2, 0.5]]);
  });

  test("pointwise layers see through, and a Flatten ends it; axes may differ", () => {
    const inner = new Sequential(new Conv2d(2, 2, [3, 5], { dilation: [2, 1] }), new Tanh());
    const model = new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2), new ReLU(), inner, new Flatten(), new Linear(8, 2));
    expect(receptiveField(model).map(({ path, type, field }) => [path, type, field])).toStrictEqual([
      ["0", "nn/Conv2d", [3, 3]], ["1", "nn/BatchNorm2d", [3, 3]], ["2", "nn/ReLU", [3, 3]], ["3.0", "nn/Conv2d", [7, 7]], ["3.1", "nn/Tanh", [7, 7]],
    ]);
    expect(sizes(new Sequential(new AvgPool2d(3, { stride: 1 }), new AvgPool2d(2)))).toStrictEqual([3, 4]);
  });
});

/** A chain of two to four convolutions and pools with whatever windows. */
function randomNet(random: Generator): Sequential {
  const layers = Array.from({ length: 2 + random.int(3) }, (): TensorModule => {
    const [kernel, stride, padding] = [1 + random.int(4), 1 + random.int(2), random.int(2)];
    if (random.int(3) === 0) return random.int(2) === 0 ? new AvgPool2d(2, { stride }) : new MaxPool2d(2, { stride });
    return new Conv2d(1, 1, kernel, { stride, padding, dilation: 1 + random.int(2), generator: random });
  });
  return new Sequential(...layers);
}

test("CNN-11 in 30 random nets the gradient reaches exactly the pixels that the formula says, at every kind of place", () => {
  const random = new Generator(7);
  let compared = 0;
  while (compared < 30) {
    const model = randomNet(random);
    const size = [40, 36] as const;
    const [, , height, width] = model.forward(zeros([1, 1, ...size])).shape;
    const rows = receptiveField(model);
    for (const place of [[0, 0], [height >> 1, width >> 1], [height - 1, width - 1]] as const) {
      const wanted = seenBy(rows, place, size);
      expect(measuredField(model, [1, ...size], place, { samples: 48, seed: compared }), JSON.stringify(model)).toStrictEqual(wanted);
    }
    compared++;
  }
});

test("what is no chain of windows is named", () => {
  class Odd extends Layer {
    static readonly type = "acme/Odd";
    constructor() { super([]); }
    forward(x: Tensor): Tensor { return x; }
  }
  expect(() => receptiveField(new Sequential(new Odd()))).toThrow(ValueError);
  expect(() => receptiveField(new Sequential(new Odd()))).toThrow('"0" is a acme/Odd, whose windows are not known');
  expect(receptiveField(new Sequential(new Conv2d(1, 1, 3), new Odd()), { pointwise: ["acme/Odd"] }).at(-1)).toMatchObject({ type: "acme/Odd", field: [3, 3] });
  expect(() => measuredField(new Sequential(new Flatten()), [1, 4, 4], [0, 0])).toThrow("the output has shape [16, 16], the place is [0, 0]");
});
