import { BatchNorm1d, BatchNorm2d, Conv2d, Linear, Module, ReLU } from "@dl/nn";
import type { Tensor } from "@dl/tensor";

/** The network of a published file (models/mnist-cnn): takes pixels as they are, and gives scores before the softmax. */
export class MnistCnn extends Module {
  conv1 = new Conv2d(1, 8, 3);
  conv2 = new Conv2d(8, 16, 3);
  conv3 = new Conv2d(16, 24, 3);
  norm1 = new BatchNorm2d(24);
  fc1 = new Linear(11616, 32);
  fc2 = new Linear(32, 10);
  norm2 = new BatchNorm1d(10);
  rectify = [new ReLU(), new ReLU(), new ReLU(), new ReLU()];

  forward(pixels: Tensor): Tensor {
    let x = pixels.sub(0.1307).div(0.3081);
    [this.conv1, this.conv2, this.conv3].forEach((conv, i) => { x = this.rectify[i].forward(conv.forward(x)); });
    x = this.rectify[3].forward(this.fc1.forward(this.norm1.forward(x).flatten(1)));
    return this.norm2.forward(this.fc2.forward(x));
  }
}
