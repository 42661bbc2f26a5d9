import { noGrad } from "@dl/autograd";
import { Adam, Linear, Trainer, crossEntropy } from "@dl/nn";
import type { Batch, CheckpointFiles, History } from "@dl/nn";
import { Generator, oneHot, randint } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { unpackCheckpoint } from "@dl/nn";
import { describe, expect, test } from "vitest";
import { CarriedState, RecurrentLM } from "./index.js";
import type { RecurrentLMOptions } from "./index.js";

const ids = randint(0, 5, [2, 12], { generator: new Generator(1) });
const make = (options: Partial<RecurrentLMOptions> = {}): RecurrentLM =>
  new RecurrentLM({ vocabSize: 5, hiddenSize: 6, generator: new Generator(2), ...options });

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.sub(expected).abs().max().item()).toBeLessThan(1e-6);
}

describe("RNN-02 recurrent language models", () => {
  test.each(["rnn", "lstm", "gru"] as const)("the state stands for all that was read: %s", (cell) => {
    const model = make({ cell, layers: 2 });
    const whole = model.read(ids);
    expect([whole.logits.shape, whole.state.map(({ shape }) => shape)]).toStrictEqual([[2, 12, 5], cell === "lstm" ? [[2, 2, 6], [2, 2, 6]] : [[2, 2, 6]]]);
    expect(model.forward(ids).toArray()).toStrictEqual(whole.logits.toArray());
    const first = model.read(ids.slice(1, 0, 7));
    const rest = model.read(ids.slice(1, 7), first.state);
    expectClose(rest.logits, whole.logits.slice(1, 7));
    rest.state.forEach((part, k) => { expectClose(part, whole.state[k]); });
  });

  test("TXT-01 one-hot vectors are an embedding by the identity", () => {
    const model = make({ cell: "rnn", embeddingDim: 0 });
    expect(model.embedding).toBeNull();
    const { output } = model.rnn.forward(oneHot(ids, 5).to("float32"));
    expectClose(model.head.forward(output), model.forward(ids));
  });

  test("RNN-04 the table of parameters: hn + hh + h + oh + o", () => {
    const model = make({ cell: "rnn", embeddingDim: 0, bias: "single" });
    const table = model.paramTable();
    expect(table.map(({ symbol, key, count }) => [symbol, key, count])).toStrictEqual([
      ["U", "rnn.weight_ih_l0", 30], ["W", "rnn.weight_hh_l0", 36], ["b", "rnn.bias_ih_l0", 6], ["V", "head.weight", 30], ["c", "head.bias", 5],
    ]);
    expect(table.map(({ key }) => key).sort()).toStrictEqual(model.namedParameters().map(([key]) => key).sort());
  });

  test.each<[string, () => unknown, string]>([
    ["an unknown cell", () => make({ cell: "lru" as "gru" }), 'RecurrentLM: cell is "lru"'],
    ["no hidden units", () => make({ hiddenSize: 0 }), "RecurrentLM: hiddenSize is 0"],
    ["a state of another batch", () => make().read(ids, make().read(ids.slice(0, 0, 1)).state), "the hidden state has shape [1, 1, 6], not [1, 2, 6]"],
    ["an id beyond the vocabulary", () => make().forward(ids.add(1)), "5"],
    ["an unknown option", () => make({ hidden: 3 } as object), 'RecurrentLM: unknown option "hidden"'],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe("RNN-03 truncated backpropagation with a carried state", () => {
  const text = randint(0, 5, [2, 25], { generator: new Generator(3) });
  const batches: Batch[] = [0, 6, 12, 18].map((start) => ({ x: text.slice(1, start, start + 6), y: text.slice(1, start + 1, start + 7) }));
  const lossOf = (logits: Tensor, y: Tensor): Tensor => crossEntropy(logits.flatten(0, 1), y.flatten());
  const losses = ({ epochs }: History): number[] => epochs.map(({ train }) => train.loss);

  function training(callbacks = [new CarriedState()]): { readonly model: RecurrentLM; readonly trainer: Trainer } {
    const model = make({ cell: "lstm", dropout: 0.1 });
    return { model, trainer: new Trainer({ model, optimizer: new Adam(model.parameters(), { lr: 1e-2 }), loss: lossOf, callbacks }) };
  }

  test("in training a batch goes on from the one before, cut off from it, and evaluation does not", () => {
    const model = make();
    model.carry(null);
    const [first, second] = [ids.slice(1, 0, 7), ids.slice(1, 7)];
    const whole = noGrad(() => model.read(ids).logits);
    model.forward(first);
    expect(model.carried?.map(({ requiresGrad, shape }) => [requiresGrad, shape])).toStrictEqual([[false, [1, 2, 6]], [false, [1, 2, 6]]]);
    const afresh = model.eval().forward(second);
    expectClose(model.train().forward(second), whole.slice(1, 7));
    expect(afresh.sub(whole.slice(1, 7)).abs().max().item()).toBeGreaterThan(1e-3);
    // A batch of another size starts from zeros.
    expectClose(model.forward(first.slice(0, 0, 1)), whole.slice(0, 0, 1).slice(1, 0, 7));
    model.carry(undefined);
    expectClose(model.forward(second), afresh);
  });

  test("changes what is learnt, and each epoch starts from zeros", async () => {
    const { model, trainer } = training();
    const states: boolean[] = [];
    const run = trainer.fit(batches, { epochs: 2, validation: batches.slice(0, 1) });
    for await (const event of run) if (event.type === "epoch") states.push(model.carried === null);
    expect(states).toStrictEqual([true, true]);
    const carried = losses(await training().trainer.fit(batches, { epochs: 2 }));
    expect(losses(await training([]).trainer.fit(batches, { epochs: 2 }))).not.toStrictEqual(carried);
  });

  test("a resumed training is the same, bit for bit, also from the middle of an epoch", async () => {
    const whole = training();
    const history = await whole.trainer.fit(batches, { epochs: 3 });
    const first = training();
    let files: CheckpointFiles | undefined;
    const run = first.trainer.fit(batches, { epochs: 3 });
    for await (const { type, step } of run) {
      if (type !== "step" || step !== 6) continue;
      files = await run.pack();
      break;
    }
    if (files === undefined) throw new Error("no checkpoint");
    const resumed = training();
    const rest = await resumed.trainer.fit(batches, { epochs: 3, resume: await unpackCheckpoint(files, "test") });
    expect(losses(rest)).toStrictEqual(losses(history));
    const expected = whole.model.stateDict();
    for (const [key, value] of resumed.model.stateDict()) expect(value.toArray()).toStrictEqual(expected.get(key)?.toArray());
  });

  test("another model has no state to carry", async () => {
    const model = new Linear(2, 1);
    const trainer = new Trainer({ model, optimizer: new Adam(model.parameters()), loss: lossOf, callbacks: [new CarriedState()] });
    await expect(Promise.resolve(trainer.fit([]))).rejects.toThrow("CarriedState: the model is Linear, which has no state to carry");
    expect(() => { new CarriedState().loadStateDict({}); }).toThrow("CarriedState.loadStateDict: there is no carried state");
  });
});
