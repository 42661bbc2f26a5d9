import {
  AdaptiveAvgPool2d, AvgPool2d, BatchNorm2d, Conv2d, ConvTranspose2d, Dropout, Flatten, Linear, MaxPool2d, Module, PixelShuffle, ReLU, Sequential, Sigmoid,
  Upsample, ZeroPad2d,
  type TensorModule,
} from "@dl/nn";
import { ShapeError, StateError, ValueError } from "@dl/registry";
import { Generator, cat, maxPool2d, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { fieldWarning, measuredField, pixelsSeen, receptiveField, receptiveFieldOf } from "./index.js";

const conv = (random: Generator, kernel: number, options: { readonly stride?: number; readonly padding?: number; readonly dilation?: number } = {}): Conv2d =>
  new Conv2d(1, 1, kernel, { ...options, generator: random });

/** x + body(x), with a 1 × 1 convolution on the way past where the body has a stride. */
class Residual extends Module {
  readonly body: Sequential;
  readonly shortcut: TensorModule | null;
  constructor(random: Generator) {
    super();
    const [stride, dilation, half] = [1 + random.int(2), 1 + random.int(2), 1 + random.int(2)];
    const first = conv(random, 2 * half + 1, { stride, padding: half * dilation, dilation });
    this.body = new Sequential(first, new Dropout(0.5), conv(random, 3, { padding: 1 }), new BatchNorm2d(1));
    this.shortcut = stride === 1 && random.int(2) === 0 ? null : conv(random, 1, { stride });
  }
  forward(x: Tensor): Tensor { return this.body.forward(x).add(this.shortcut?.forward(x) ?? x).tanh(); }
}

class Inception extends Module {
  branches: TensorModule[];
  constructor(random: Generator) {
    super();
    this.branches = [
      conv(random, 1),
      new Sequential(conv(random, 3, { padding: 1 }), conv(random, 5, { padding: 2 })),
      new Sequential(new MaxPool2d(3, { stride: 1, padding: 1 }), conv(random, 1)),
    ];
  }
  forward(x: Tensor): Tensor { return cat(this.branches.map((branch) => branch.forward(x)), 1); }
}

/** Down, across and up again, with a skip. */
class TinyUnet extends Module {
  readonly down: TensorModule;
  readonly middle: Sequential;
  readonly up: TensorModule;
  readonly end: Conv2d;
  constructor(random: Generator, up: TensorModule) {
    super();
    this.down = conv(random, 3, { padding: 1 });
    this.middle = new Sequential(new MaxPool2d(2), conv(random, 3, { padding: 1 }));
    this.up = up;
    this.end = new Conv2d(2, 1, 3, { padding: 1, generator: random });
  }
  forward(x: Tensor): Tensor {
    const fine = this.down.forward(x);
    return this.end.forward(cat([fine, this.up.forward(this.middle.forward(fine))], 1));
  }
}

/** Every place of a 4 × 4 block in the middle of the output. */
function expectAsMeasured(model: TensorModule, size: number): void {
  const row = receptiveFieldOf(model, [1, size, size])[0];
  expect(row.path).toBe("");
  const middle = Math.floor(size / row.jump[0] / 2);
  model.eval();
  for (const [down, across] of [[0, 0], [1, 3], [2, 1], [3, 2]]) {
    const place = [middle + down, middle - across] as const;
    expect(measuredField(model, [1, size, size], place, { samples: 12 }), place.join()).toStrictEqual(pixelsSeen(row, place));
  }
}

test("CNN-11 in 8 random residual nets the gradient reaches exactly the pixels that the tape says", () => {
  const random = new Generator(3);
  for (let i = 0; i < 8; i++) expectAsMeasured(new Sequential(...Array.from({ length: 1 + random.int(2) }, () => new Residual(random))), 64);
});

describe("CNN-11 models with branches", () => {
  test("concatenated branches see what the widest sees", () => {
    const model = new Sequential(new Inception(new Generator(1)));
    const rows = receptiveFieldOf(model, [1, 32, 32]);
    expect(rows.map(({ path, field }) => [path, field[0]])).toStrictEqual([
      ["", 7], ["0", 7], ["0.branches.0", 1], ["0.branches.1", 7], ["0.branches.1.0", 3], ["0.branches.1.1", 7],
      ["0.branches.2", 3], ["0.branches.2.0", 3], ["0.branches.2.1", 3],
    ]);
    expect(rows[1].kernel).toBeNull();
    expect(rows[4]).toMatchObject({ kernel: [3, 3], stride: [1, 1], dilation: [1, 1], padding: [[1, 1], [1, 1]] });
    expectAsMeasured(model, 32);
  });

  test("behind an enlargement units differ, and each is right", () => {
    const random = new Generator(2);
    const ups: TensorModule[] = [
      new Upsample({ scaleFactor: 2 }), new Upsample({ scaleFactor: 2, mode: "bilinear" }), new Upsample({ scaleFactor: 2, mode: "bicubic" }),
      new ConvTranspose2d(1, 1, 2, { stride: 2, generator: random }), new ConvTranspose2d(1, 1, 4, { stride: 2, padding: 1, generator: random }),
      new Sequential(new Conv2d(1, 4, 1, { generator: random }), new PixelShuffle(2)),
    ];
    for (const up of ups) expectAsMeasured(new TinyUnet(random, up), 32);
  });

  test("padding as a layer, slices of channels and reshapes are followed", () => {
    class Odd extends Module {
      pad = new ZeroPad2d([2, 0, 1, 1]);
      conv = new Conv2d(1, 4, 3, { generator: new Generator(4) });
      forward(x: Tensor): Tensor {
        const y = this.conv.forward(this.pad.forward(x));
        const [n, , h, w] = y.shape;
        return y.reshape([n, 2, 2, h, w]).transpose(1, 2).reshape(y.shape).slice(1, 1, 3).sum(1, { keepDim: true }).sigmoid();
      }
    }
    const [model] = receptiveFieldOf(new Odd(), [1, 9, 9]);
    expect([model.field, model.start]).toStrictEqual([[3, 3], [0, -1]]);
  });

  test("a head of functions has no rows, and is not asked what it does", () => {
    class Classifier extends Module {
      conv = new Conv2d(1, 2, 3);
      head = new Linear(2 * 25, 3);
      query = new Linear(25, 25);
      forward(x: Tensor): Tensor {
        const maps = this.conv.forward(x).relu();
        const tokens = maps.flatten(2);
        const mixed = tokens.add(this.query.forward(tokens).matmul(tokens.transpose()).matmul(tokens));
        return this.head.forward(mixed.reshape(maps.shape).mul(maps.mean([2, 3], { keepDim: true })).flatten(1));
      }
    }
    expect(receptiveFieldOf(new Classifier(), [1, 7, 7]).map(({ path, field }) => [path, field])).toStrictEqual([["conv", [3, 3]]]);
  });

  test("a gate from the whole image lets units see everything; a head has no rows", () => {
    class Gate extends Module {
      squeeze = new Sequential(new AdaptiveAvgPool2d(1), new Conv2d(1, 1, 1), new Sigmoid());
      forward(x: Tensor): Tensor { return x.mul(this.squeeze.forward(x)); }
    }
    const model = new Sequential(new Conv2d(1, 1, 3, { stride: 2 }), new Gate(), new Flatten(), new Linear(9, 2));
    const rows = receptiveFieldOf(model, [1, 7, 7]);
    expect(rows.map(({ path, field, jump }) => [path, field[0], jump[0]])).toStrictEqual([["0", 3, 2], ["1", Infinity, 2]]);
    expect(rows[1].start).toStrictEqual([NaN, NaN]);
  });
});

test("CNN-12 CNN-13 on a chain it says the same as the formula", () => {
  const model = new Sequential(new Conv2d(1, 2, 3, { padding: 1 }), new MaxPool2d(2), new ReLU(), new Conv2d(2, 2, 4, { dilation: 2 }), new AvgPool2d(3));
  const traced = receptiveFieldOf(model, [1, 40, 40]).slice(1).map(({ reach: _, ...row }) => row);
  expect(traced).toStrictEqual(receptiveField(model));
});

describe("CNN-11 what it cannot say it refuses, and leaves the model as it was", () => {
  class Functional extends Module {
    conv = new Conv2d(1, 1, 3);
    forward(x: Tensor): Tensor { return maxPool2d(this.conv.forward(x), 2); }
  }
  class Skew extends Module {
    wide = new Conv2d(1, 1, 3, { stride: 2 });
    forward(x: Tensor): Tensor { return this.wide.forward(x).add(x.slice(2, 0, 4).slice(3, 0, 4)); }
  }

  test("a window as a function", () => {
    const model = new Functional();
    model.conv.training = false;
    expect(() => receptiveFieldOf(model, [1, 9, 9])).toThrow(ValueError);
    expect(() => receptiveFieldOf(model, [1, 9, 9])).toThrow("Use a layer (MaxPool2d in place of maxPool2d)");
    expect([model.training, model.conv.training, Object.hasOwn(model.conv, "forward")]).toStrictEqual([true, false, false]);
  });

  test("parts that do not lie on each other, a detached output, an image with its batch", () => {
    expect(() => receptiveFieldOf(new Skew(), [1, 9, 9])).toThrow(ValueError);
    class Uneven extends Module {
      a = new Conv2d(1, 1, 3, { stride: 2 });
      b = new Conv2d(1, 1, 6);
      forward(x: Tensor): Tensor { return this.a.forward(x).add(this.b.forward(x)); }
    }
    expect(() => receptiveFieldOf(new Uneven(), [1, 9, 9])).toThrow("maps whose units lie 2 and 1 pixels apart are joined");
    class Cut extends Module {
      a = new Conv2d(1, 1, 3);
      forward(x: Tensor): Tensor { return this.a.forward(x).detach(); }
    }
    expect(() => receptiveFieldOf(new Cut(), [1, 9, 9])).toThrow(StateError);
    expect(() => receptiveFieldOf(new Cut(), [1, 1, 9, 9])).toThrow(ShapeError);
    expect(() => receptiveFieldOf(new Sequential(new Conv2d(1, 1, 3), new Upsample({ size: 10 })), [1, 9, 9])).toThrow("resamples by");
  });
});

test("CNN-11 a receptive field smaller than the object is said", () => {
  const rows = receptiveField(new Sequential(new Conv2d(1, 1, 3), new MaxPool2d(2)));
  expect(fieldWarning(rows, [4, 4])).toBeNull();
  expect(fieldWarning(rows, [4, 5])).toMatch(/^A unit of layer "1" sees 4 × 4 pixels, the object has 4 × 5: add layers/);
  expect(() => fieldWarning([], [4, 5])).toThrow(ShapeError);
});
