import { UnknownNameError, ValueError } from "@dl/registry";
import { full, manualSeed, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Activation, Dropout, Linear, ReLU, Sequential } from "../../layers/index.js";
import type { TensorModule } from "../../layers/index.js";
import { mseLoss } from "../../losses/index.js";
import { Layer, Module } from "../../module/index.js";
import { SGD } from "../../optim/index.js";
import { NanGuard, Trainer } from "../index.js";
import type { Batch, History } from "../index.js";
import { weights } from "../test-session.js";

class Log extends Layer {
  static readonly type = "test/Log";
  constructor() { super([]); }
  forward(x: Tensor): Tensor { return x.log(); }
}

const batch: Batch = { x: tensor([[1, 2], [3, 4]]), y: tensor([[1], [2]]) };

interface Given {
  readonly model: TensorModule;
  readonly loss?: (output: Tensor, target: Tensor) => Tensor;
  readonly guard?: NanGuard | null;
  readonly data?: Batch;
  readonly lr?: number;
}

async function train({ model, loss = mseLoss, guard = new NanGuard(), data = batch, lr = 0.1 }: Given, epochs = 1): Promise<History> {
  const optimizer = new SGD(model.parameters(), { lr });
  return new Trainer({ model, optimizer, loss, callbacks: guard === null ? [] : [guard] }).fit([data], { epochs });
}

const failure = async (given: Given, epochs?: number): Promise<ValueError> => {
  try {
    await train(given, epochs);
  } catch (error) {
    if (error instanceof ValueError) return error;
    throw error;
  }
  throw new Error("the training went through");
};

/** Two affine layers whose outputs are −1 at first: their logarithm is NaN. */
function model(middle: () => TensorModule): Sequential {
  const first = new Linear(2, 3);
  first.weight.assign(full([3, 2], 0));
  first.bias?.assign(full([3], -1));
  return new Sequential(first, middle(), new Sequential(new ReLU(), new Linear(3, 1)));
}

describe("NanGuard", () => {
  test("names the first module that gives a NaN, and leaves the weights as they were", async () => {
    manualSeed(1);
    const net = model(() => new Log());
    const before = weights(net);
    const error = await failure({ model: net });
    expect(error.message).toBe('NanGuard: the loss is NaN: the first NaN came out of "1" (test/Log). Look for a division by 0, a logarithm of 0 or an overflow there.');
    expect(error.details).toStrictEqual({ path: "1", type: "test/Log" });
    expect(weights(net)).toStrictEqual(before);
    expect(Object.hasOwn(net[1], "forward")).toBe(false);
  });

  test("names the module itself when it is not a submodule's fault", async () => {
    class Net extends Module {
      inner = new Linear(2, 1);
      forward(x: Tensor): Tensor { return this.inner.forward(x).abs().neg().sub(1).sqrt(); }
    }
    const error = await failure({ model: new Net() });
    expect(error.message).toMatch(/the first NaN came out of the model itself \(Net\)/);
  });

  test("tells an infinite value that came before the NaN, or in its place", async () => {
    const overflow = (): TensorModule => new Activation((x) => x.abs().mul(1e30).mul(1e30));
    const twice = await failure({ model: model(() => new Sequential(overflow(), new Activation((x) => x.sub(x)))) });
    expect(twice.message).toMatch(/the first NaN came out of "1\.1" \(nn\/Activation\); an infinite value came out of "1\.0" \(nn\/Activation\) before/);
    const [plain] = [model(overflow)];
    plain.parameters().at(-2)?.assign(full([1, 3], 1));
    expect((await failure({ model: plain })).message).toMatch(/the loss is infinite: the first infinite value came out of "1" \(nn\/Activation\)/);
  });

  test("says when the weights are broken already", async () => {
    const net = model(() => new ReLU());
    net.parameters()[0].assign(full([3, 2], NaN));
    expect((await failure({ model: net })).message).toMatch(/came out of "0" \(nn\/Linear\), whose parameter "weight" holds NaN\. Earlier updates spoilt the weights: lower the learning rate/);
  });

  test("finds a divergence in the middle of a training", async () => {
    manualSeed(1);
    const error = await failure({ model: new Sequential(new Linear(2, 1)), lr: 1e8 }, 50);
    expect(error.message).toMatch(/the loss is infinite, although .* magnitudes up to [\d.]+e\+\d+: it arises in the loss function itself\. Earlier updates spoilt the weights/);
  });

  test("says when the batch or the loss function does it", async () => {
    const net = (): Sequential => model(() => new ReLU());
    expect((await failure({ model: net(), data: { ...batch, x: tensor([[1, NaN], [3, 4]]) } })).message).toMatch(/the loss is NaN: the batch's inputs x hold NaN\. Clean the data/);
    expect((await failure({ model: net(), data: { ...batch, y: tensor([[1], [Infinity]]) } })).message).toMatch(/the loss is infinite: the batch's targets y hold an infinite value/);
    const root = (output: Tensor, target: Tensor): Tensor => output.sub(target).square().neg().sub(1).sqrt().mean();
    expect((await failure({ model: net(), loss: root })).message).toMatch(/all modules gave finite values, the model's of magnitudes up to [\d.]+: it arises in the loss function itself/);
  });

  test("draws the same mask again", async () => {
    manualSeed(4);
    // The logarithm of −1 is NaN where the mask keeps the second value; elsewhere it is −∞, which is clamped.
    const net = new Sequential(new Linear(2, 8), new Dropout(0.5), new Log());
    net.parameters()[0].assign(full([8, 2], 0));
    net.parameters()[1].assign(tensor([1, -1, 1, 1, 1, 1, 1, 1]));
    const finite = new Activation((x) => x.clamp(-100, 100));
    const whole = new Sequential(net, finite);
    const error = await failure({ model: whole, data: { x: tensor([[0, 0]]), y: full([1, 8], 0) } }, 20);
    expect(error.message).toMatch(/the first NaN came out of "0\.2" \(test\/Log\)/);
  });

  test("checks gradients on request", async () => {
    class Root extends Layer {
      static readonly type = "test/Root";
      readonly inner = new Linear(2, 1, { bias: false });
      constructor() { super([]); }
      forward(x: Tensor): Tensor { return this.inner.forward(x.mul(0)).sqrt(); }
    }
    const net = (): Sequential => new Sequential(new Linear(2, 2), new Root());
    const error = await failure({ model: net(), guard: new NanGuard({ gradients: true }) });
    expect(error.message).toMatch(/the loss is finite, but the gradient of "1\.inner\.weight" holds NaN/);
    await expect(train({ model: net() })).resolves.toMatchObject({ steps: 1 });
  });

  test("lets a healthy training be, bit for bit; without it a NaN loss is allowed", async () => {
    const healthy = async (guard: NanGuard | null): Promise<unknown> => {
      manualSeed(2);
      const net = new Sequential(new Linear(2, 4), new Dropout(0.5), new Linear(4, 1));
      await train({ model: net, guard }, 5);
      return weights(net);
    };
    expect(await healthy(new NanGuard({ gradients: true }))).toStrictEqual(await healthy(null));
    expect((await train({ model: model(() => new Log()), guard: null })).epochs[0].train.loss).toBeNaN();
  });

  test("options are checked", () => {
    expect(() => new NanGuard({ gradient: true } as object)).toThrow(UnknownNameError);
  });
});
