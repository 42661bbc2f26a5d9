import { backward } from "@dl/autograd";
import { Linear, mseLoss, ReLU, Sequential, SGD } from "@dl/nn";
import { tensor } from "@dl/tensor";

/** The smallest useful program: what a page that trains a small network has to download. */
export function trainLinear(): void {
  const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
  const y = tensor([[0], [1], [1], [2]]);
  const model = new Sequential(new Linear(2, 8), new ReLU(), new Linear(8, 1));
  const optimizer = new SGD(model.parameters(), { lr: 0.1 });

  for (let step = 0; step < 100; step += 1) {
    const loss = mseLoss(model.forward(x), y);
    optimizer.zeroGrad();
    backward(loss);
    optimizer.step();
  }
  console.log(String(model.forward(x)));
}
