import { backward, noGrad } from "@dl/autograd";
import { Adam, crossEntropy, Linear, ReLU, Sequential } from "@dl/nn";
import { randint, randn } from "@dl/tensor";
import type { Row } from "./measure.js";

const steps = 10_000;
const batchSize = 16;

/** Peak resident memory, in MB, of each tenth of `steps` synchronous calls: the event loop never turns in between. */
function residentByTenth(step: () => void): number[] {
  const tenth = steps / 10;
  return Array.from({ length: 10 }, () => {
    let peak = 0;
    for (let i = 0; i < tenth; i++) {
      step();
      if (i % 10 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    }
    return peak / 1e6;
  });
}

function rowsFor(name: string, step: () => void): Row[] {
  // The first tenth warms up: compiled code and the pools reach their size.
  const resident = residentByTenth(step).slice(1);
  const [least, most] = [Math.min(...resident), Math.max(...resident)];
  return [
    { name: `${name}: most after warm-up`, value: most, unit: "MB" },
    { name: `${name}: last tenth against second`, value: resident[resident.length - 1] / resident[0], unit: "×", goal: "goal ≤ 1.1" },
    { name: `${name}: spread`, value: most / least, unit: "×" },
  ];
}

/** SYS-06: nobody calls dispose, and memory stays flat. */
export function memoryRows(): Row[] {
  const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
  const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
  const x = randn([batchSize, 784]);
  const y = randint(0, 10, [batchSize]);
  const train = (): void => {
    optimizer.zeroGrad();
    backward(crossEntropy(model.forward(x), y));
    optimizer.step();
  };
  const infer = (): void => { noGrad(() => model.forward(x).argmax(1)); };
  return [...rowsFor("10,000 training steps", train), ...rowsFor("10,000 inference calls", infer)];
}
