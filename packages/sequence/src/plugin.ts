import { definePlugin } from "@dl/registry";
import { Captioner } from "./captioning/index.js";
import {
  AttentionPool, BagOfEmbeddings, CharCNN, DCNN, EmbedLinear, OrdinalHead, RecurrentClassifier, TextCNN, TransformerClassifier,
} from "./classifiers/index.js";
import { GPT, Llama, RecurrentLM } from "./language-models/index.js";
import { RNNSeq2Seq, RNNTokenDecoder, TransformerSeq2Seq, TransformerTokenDecoder } from "./seq2seq/index.js";
import { MelSpectrogram } from "./speech/index.js";
import { CBOW, SkipGram } from "./word-embeddings/index.js";

/** Everything of this package that files and menus can name. */
export const sequence = /* @__PURE__ */ definePlugin({
  name: "@dl/sequence",
  contract: 1,
  layers: {
    AttentionPool, BagOfEmbeddings, CharCNN, DCNN, EmbedLinear, OrdinalHead, RecurrentClassifier, TextCNN, TransformerClassifier,
    Captioner, MelSpectrogram,
    GPT, Llama, RecurrentLM,
    RNNSeq2Seq, RNNTokenDecoder, TransformerSeq2Seq, TransformerTokenDecoder,
    CBOW, SkipGram,
  },
});
