import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { backward, noGrad } from "@dl/autograd";
import { manualSeed, randn } from "@dl/tensor";
import { expect, test } from "vitest";
import { mseLoss } from "../losses/index.js";
import { MLP } from "../layers/index.js";
import { Adam } from "../optim/index.js";

const steps = 10_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that a synchronous loop holds after each tenth. Collected only there: what is counted is what no collection could free. */
function heldByTenth(step: () => void): number[] {
  return Array.from({ length: 10 }, () => {
    for (let i = 0; i < steps / 10; i++) step();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  });
}

test("SYS-06 10,000 synchronous steps of training and inference hold no more at the end than at the start, with nothing disposed of", { timeout: 60_000 }, () => {
  manualSeed(1);
  const model = new MLP([16, 32, 4]);
  const optimizer = new Adam(model.parameters());
  const [x, y] = [randn([8, 16]), randn([8, 4])];
  const held = heldByTenth(() => {
    optimizer.zeroGrad();
    backward(mseLoss(model.forward(x), y));
    optimizer.step();
    noGrad(() => model.forward(x).argmax(1));
  });
  // A step makes some 30 kB of tensors: had they stayed, the last tenth would hold 240 MB more.
  expect(held[9] - held[1]).toBeLessThan(10e6);
});
