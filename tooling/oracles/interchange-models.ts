import {
  BatchNorm2d, Conv2d, ConvTranspose2d, Embedding, GRU, LSTM, LayerNorm, Linear, Module, TransformerDecoder, TransformerDecoderLayer,
  TransformerEncoder, TransformerEncoderLayer,
} from "@dl/nn";
import { maxPool2d, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { wave } from "./fixture.js";

class Cnn extends Module {
  conv1 = new Conv2d(1, 4, 3, { padding: 1 });
  norm1 = new BatchNorm2d(4);
  up = new ConvTranspose2d(4, 3, 2, { stride: 2 });
  head = new Linear(3 * 64, 5);

  forward(x: Tensor): Tensor {
    return this.head.forward(this.up.forward(maxPool2d(this.norm1.forward(this.conv1.forward(x)).relu(), 2)).flatten(1));
  }
}

class Tagger extends Module {
  embedding = new Embedding(11, 6, { paddingIdx: 0 });
  lstm = new LSTM(6, 5, { numLayers: 2, bidirectional: true, batchFirst: true });
  gru = new GRU(10, 4, { batchFirst: true });
  head = new Linear(4, 3);

  forward(ids: Tensor): Tensor {
    return this.head.forward(this.gru.forward(this.lstm.forward(this.embedding.forward(ids)).output).output);
  }
}

const settings = { dimFeedforward: 16, batchFirst: true };

class Translator extends Module {
  encoder = new TransformerEncoder(new TransformerEncoderLayer(8, 2, settings), 2);
  decoder = new TransformerDecoder(new TransformerDecoderLayer(8, 2, { ...settings, activation: "gelu", normFirst: true }), 1, { norm: new LayerNorm(8) });

  forward(x: Tensor): Tensor {
    return this.decoder.forward(x.slice(1, 0, 3), this.encoder.forward(x));
  }
}

interface Travelling {
  readonly model: Module & { forward(x: Tensor): Tensor };
  readonly x: Tensor;
}

/** The models of interchange.py, each with the input that their outputs are compared on. */
export const travelling = (): Readonly<Record<string, Travelling>> => ({
  cnn: { model: new Cnn(), x: wave([2, 1, 8, 8], { dtype: "float32" }) },
  tagger: { model: new Tagger(), x: tensor([[1, 5, 3, 0], [10, 2, 2, 7]], { dtype: "int32" }) },
  translator: { model: new Translator(), x: wave([2, 4, 8], { dtype: "float32" }) },
});
