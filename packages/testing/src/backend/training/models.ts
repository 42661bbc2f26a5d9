import { BatchNorm2d, Conv2d, Embedding, LSTM, LayerNorm, Linear, Module, ReLU, Sequential, Tanh, TransformerEncoderLayer } from "@dl/nn";
import { arange, maxPool2d } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

export interface TensorModel extends Module {
  forward(x: Tensor): Tensor;
}

export const vocabulary = 13;
export const textLength = 12;
const width = 16;

export const mlp = (): TensorModel => new Sequential(new Linear(10, 32), new Tanh(), new Linear(32, 17), new ReLU(), new Linear(17, 4));

/** Images [N, 2, 10, 10] → 3 classes. */
class Cnn extends Module {
  first = new Conv2d(2, 6, 3, { padding: 1, bias: false });
  firstNorm = new BatchNorm2d(6);
  second = new Conv2d(6, 8, 3, { stride: 2, groups: 2 });
  secondNorm = new BatchNorm2d(8);
  head = new Linear(32, 3);

  forward(x: Tensor): Tensor {
    const halved = maxPool2d(this.firstNorm.forward(this.first.forward(x)).relu(), 2);
    return this.head.forward(this.secondNorm.forward(this.second.forward(halved)).relu().flatten(1));
  }
}

export const cnn = (): TensorModel => new Cnn();

/** Characters [N, T] → the next character at each place. */
class CharLstm extends Module {
  embedding = new Embedding(vocabulary, 8);
  lstm = new LSTM(8, width, { numLayers: 2, batchFirst: true });
  head = new Linear(width, vocabulary);

  forward(ids: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embedding.forward(ids)).output);
  }
}

export const charLstm = (): TensorModel => new CharLstm();

class Gpt extends Module {
  tokens = new Embedding(vocabulary, width);
  positions = new Embedding(textLength, width);
  blocks = [0, 1].map(() => new TransformerEncoderLayer(width, 2, { dimFeedforward: 32, dropout: 0, activation: "gelu", batchFirst: true, normFirst: true }));
  norm = new LayerNorm(width);
  head = new Linear(width, vocabulary, { bias: false });

  forward(ids: Tensor): Tensor {
    const places = arange(0, ids.shape[1], 1, { backend: ids.backend });
    const embedded = this.tokens.forward(ids).add(this.positions.forward(places));
    return this.head.forward(this.norm.forward(this.blocks.reduce((x, block) => block.forward(x, { isCausal: true }), embedded)));
  }
}

export const gpt = (): TensorModel => new Gpt();
